#!/bin/sh
# Installs what the build needs, and only what is missing. Called by `make deps`; usage: sh tests/deps.sh build|check|bench|peers|plot|docs|web|mpi
#
#   build   a C++20 compiler, fmt, doctest, CLI11, nlohmann-json: found by compiling and running a program that uses them
#   check   both compilers, sanitizers, clang-tidy, clang-format, valgrind, gcovr, Node, Chromium: found by name
#   bench   Google Benchmark
#   plot    gnuplot; may be missing: then curves are drawn in the terminal
#   peers   NumPy, PyTorch, OpenBLAS, Eigen: each may be missing; the names of those found go to $BUILD/peers.found,
#           and the Python that has the first two to $BUILD/peers.python
#   docs    pandoc and KaTeX; KATEX=DIR says where katex.min.js is when no package puts it in the usual place
#   web     clang, lld and a C library and libc++ for WebAssembly: found by compiling and linking a program that needs them
#   mpi     Open MPI, for make run-cartpole RANKS=4 and nothing else
# AUTO_DEPS=0 installs nothing and says what to install. No network is touched when all is there.
set -u
need=${1:-build}
libcxx=/usr/lib/llvm-16  # as docs/playground/rules.mk has it
: "${BUILD:=build}" "${CXX:=c++}" "${AUTO_DEPS:=1}"
mkdir -p "$BUILD" || exit 1
. tests/alive.sh

compiles() {  # compiles INCLUDE LIBRARY...: a program with that line builds
  echo "$1" > "$BUILD/probe.cpp" && echo 'int main() {}' >> "$BUILD/probe.cpp"
  shift
  # shellcheck disable=SC2086
  "$CXX" -std=c++20 ${CPPFLAGS:-} "$BUILD/probe.cpp" -o "$BUILD/probe" ${LDFLAGS:-} "$@" > "$BUILD/probe.log" 2>&1
  found=$?
  rm -f "$BUILD/probe" "$BUILD/probe.cpp"
  return $found
}

probe() {
  case $need in
    build)
      dir=$(mktemp -d "$BUILD/probe.XXXXXX") || exit 1
      cat > "$dir/probe.cpp" <<'END'
#include <doctest/doctest.h>
#include <fmt/core.h>
#include <CLI/Version.hpp>
#include <nlohmann/json_fwd.hpp>
#include <bit>
int main() { return std::bit_cast<int>(1.f) != 0 && fmt::format("{}", 1) == "1" ? 0 : 1; }
END
      # shellcheck disable=SC2086  # flags are words
      "$CXX" -std=c++20 -DDOCTEST_CONFIG_DISABLE ${CPPFLAGS:-} ${CXXFLAGS:-} "$dir/probe.cpp" -o "$dir/probe" ${LDFLAGS:-} ${LDLIBS:--lfmt} \
        > "$BUILD/probe.log" 2>&1 && "$dir/probe"
      found=$?
      rm -rf "$dir"
      return $found ;;
    check)
      for tool in g++ clang++ clang-tidy clang-format valgrind gcovr; do command -v $tool > /dev/null || return 1; done
      if [ -z "${CHECK_SHORT:-}" ]; then  # a push leaves the page out
        command -v node > /dev/null || return 1
        command -v chromium > /dev/null || ! command -v apt-get > /dev/null || return 1  # elsewhere it is left out of the tests
      fi
      echo 'int main() {}' > "$BUILD/probe.cpp"
      clang++ -fsanitize=address,undefined,fuzzer-no-link "$BUILD/probe.cpp" -o "$BUILD/probe" > "$BUILD/probe.log" 2>&1
      found=$?
      rm -f "$BUILD/probe" "$BUILD/probe.cpp"
      return $found ;;
    plot) command -v gnuplot > /dev/null ;;
    bench) compiles '#include <benchmark/benchmark.h>' -lbenchmark ;;
    peers)
      for python in python3 /usr/bin/python3; do  # the first one in the path may not be the one with packages
        "$python" -c 'import numpy' > /dev/null 2>&1 && break
      done
      echo "$python" > "$BUILD/peers.python"
      {
        ! compiles '#include <eigen3/Eigen/Core>' || echo eigen
        ! compiles '#include <cblas.h>' -lopenblas && ! compiles '#include <openblas/cblas.h>' -lopenblas || echo openblas
        for module in numpy torch; do ! "$python" -c "import numpy, $module" > /dev/null 2>&1 || echo $module; done
      } > "$BUILD/peers.found"
      [ "$(grep -c . "$BUILD/peers.found")" = 4 ] ;;
    docs)
      command -v pandoc > /dev/null || return 1
      for place in ${KATEX:-} /usr/share/javascript/katex /usr/share/katex; do [ ! -f "$place/katex.min.js" ] || return 0; done
      return 1 ;;
    web)
      dir=$(mktemp -d "$BUILD/probe.XXXXXX") || exit 1
      printf '%s\n' '#include <algorithm>' '#include <functional>' '#include <ranges>' '#include <string>' '#include <vector>' \
        'extern "C" int size() { std::vector<std::string> v{"b", "a"}; std::ranges::sort(v); return std::function<int()>([&] { return int(v[0].size()); })(); }' > "$dir/probe.cpp"
      "$(command -v clang++-14 || echo clang++)" --target=wasm32-wasi -mexec-model=reactor -std=c++20 -O2 -msimd128 -nostdinc++ -nostdlib++ \
        -isystem $libcxx/include/wasm32-wasi/c++/v1 -isystem $libcxx/include/c++/v1 "$dir/probe.cpp" -o "$dir/probe.wasm" \
        -L$libcxx/lib/wasm32-wasi -lc++ -lc++abi > "$BUILD/probe.log" 2>&1
      found=$?
      rm -rf "$dir"
      return $found ;;
    mpi) command -v mpirun > /dev/null && command -v mpicc > /dev/null && mpicc --showme:version 2> /dev/null | grep -q 'Open MPI' ;;
    *) echo "deps: expected build, check, bench, peers, plot, docs, web or mpi, got $need" >&2; exit 2 ;;
  esac
}

probe && exit 0

# One line per package manager: its command, then the packages.
update='' sudo='sudo ' as= chromium=chromium node=nodejs
[ -z "${CHECK_SHORT:-}" ] || chromium='' node=''
case $need in
  build) apt='g++ libfmt-dev doctest-dev libcli11-dev nlohmann-json3-dev' dnf='gcc-c++ fmt-devel doctest-devel cli11-devel json-devel'
         pacman='gcc fmt doctest cli11 nlohmann-json' apk='g++ fmt-dev doctest-dev cli11-dev nlohmann-json'
         brew='fmt doctest cli11 nlohmann-json' ;;
  check) apt='g++ clang clang-tidy clang-format libclang-rt-dev valgrind gcovr '"$node $chromium" dnf='gcc-c++ clang clang-tools-extra compiler-rt valgrind gcovr '"$node"
         pacman='gcc clang compiler-rt valgrind gcovr '"$node" apk='g++ clang clang-extra-tools compiler-rt valgrind gcovr '"$node"
         brew='gcc llvm gcovr node' ;;
  plot) apt=gnuplot-nox dnf=gnuplot pacman=gnuplot apk=gnuplot brew=gnuplot ;;
  bench) apt=libbenchmark-dev dnf=google-benchmark-devel pacman=benchmark apk=benchmark-dev brew=google-benchmark ;;
  peers) apt='python3-torch python3-numpy libopenblas-dev libeigen3-dev' dnf='python3-torch python3-numpy openblas-devel eigen3-devel'
         pacman='python-pytorch python-numpy openblas eigen' apk='py3-numpy openblas-dev eigen-dev' brew='pytorch numpy openblas eigen' ;;
  docs)  apt='pandoc libjs-katex' dnf=pandoc pacman='pandoc-cli katex' apk=pandoc brew=pandoc ;;
  mpi)   apt='openmpi-bin libopenmpi-dev' dnf=openmpi-devel pacman=openmpi apk='openmpi openmpi-dev' brew=open-mpi ;;
  web)   apt='clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32 libc++-16-dev-wasm32 libc++abi-16-dev-wasm32' dnf='' pacman='' apk='' brew='' ;;
esac
if   command -v apt-get > /dev/null; then
  update='apt-get update -o APT::Update::Error-Mode=any -o DPkg::Lock::Timeout=120'
  install="apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 $apt"
elif command -v dnf > /dev/null;    then install="dnf install -y $dnf"
elif command -v pacman > /dev/null; then install="pacman -Sy --noconfirm --needed $pacman"
elif command -v apk > /dev/null;    then install="apk add $apk"
elif command -v brew > /dev/null;   then install="brew install $brew" sudo=
else install=
fi
[ "$need" = web ] && ! command -v apt-get > /dev/null && install=  # only Debian has its packages
[ "$(id -u)" = 0 ] && sudo=
may=yes
if [ -n "$sudo" ] && ! command -v sudo > /dev/null; then may=no sudo='' as=' as root'; fi
commands="${update:+$sudo$update && }$sudo$install"
line=$(echo "$commands" | sed 's/ -o [^ ]*//g')  # to be pasted

explain() {
  echo "deps: $1"
  if [ -n "$install" ]; then
    echo "  install it$as with:   $line"
  else
    case $need in
      plot)  echo "  install gnuplot with your package manager" ;;
      bench) echo "  install Google Benchmark with your package manager" ;;
      docs)  echo "  install pandoc and KaTeX with your package manager" ;;
      mpi)   echo "  install Open MPI with your package manager" ;;
      web)   echo "  install clang, lld, wasi-libc and the libc++ of version 16 for wasm32-wasi: Debian 12 has them as packages" ;;
      peers) echo "  install NumPy, PyTorch, OpenBLAS and Eigen with your package manager" ;;
      *)     echo "  install a C++20 compiler, fmt, doctest, CLI11 and nlohmann-json with your package manager" ;;
    esac
  fi
  if [ "$need" = build ]; then
    echo "  without root: unpack the headers of the four libraries in a folder DIR, then"
    echo "                CPATH=DIR make ... CPPFLAGS=-DFMT_HEADER_ONLY LDLIBS="
    echo "  what the compiler said: $BUILD/probe.log"
  fi
  [ "$need" != docs ] || echo "  KaTeX in another place: KATEX=DIR make docs, with the folder that holds katex.min.js"
  case $need in peers | plot) exit 0 ;; esac  # optional: what was found is used
  exit 1
} >&2

case $CXX in
  c++ | g++ | clang++) ;;
  *) [ "$need" != build ] || command -v "$CXX" > /dev/null || { echo "deps: CXX=$CXX: no such compiler" >&2; exit 1; } ;;
esac
[ "$AUTO_DEPS" != 0 ] || explain "something is missing, and AUTO_DEPS=0 forbids to install it"
[ -n "$install" ] || explain "something is missing, and there is no package manager that this script knows"
[ $may = yes ] || explain "something is missing, and installing it needs root"

export DEBIAN_FRONTEND=noninteractive
echo "deps: something is missing; running: $line" >&2
[ -z "$sudo" ] || sudo true || explain "something is missing, and sudo was refused"  # asks now, before anything is drawn
installing() { echo "installing: $(tail -n 1 "$BUILD/deps.log" | tr -cd '[:print:]')"; }
alive installing
eval "$commands" > "$BUILD/deps.log" 2>&1
status=$?
alive_end
[ $status -eq 0 ] || { tail -n 5 "$BUILD/deps.log" >&2; explain "the installation failed (all of it: $BUILD/deps.log)"; }
probe || explain "everything is installed, yet a program that uses it does not build"
