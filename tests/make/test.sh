#!/bin/sh
# What make and its scripts say: help, mistyped names, clean, watch, the installation. On a copy with a made-up compiler
# whose programs say how they were called. Ends with one line, make: N passed, N failed, N skipped.
# shellcheck disable=SC2016  # a $ is data here
set -u
: "${MAKE:=make}"
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
unset MAKEFLAGS MAKELEVEL MFLAGS MAKEOVERRIDES ARGS FILE NET N RUNS BUILD CXXFLAGS 2> /dev/null
copy=$work/copy path=$work/path passed=0 failed=0 skipped=0
mkdir -p "$copy/tests/mpi" "$copy/rl/run" "$copy/rl/app" "$copy/docs/programs" "$copy/docs/site" "$copy/tests" "$path"
cp Makefile "$copy/" && cp -R tests/make tests/*.sh tests/*.hpp "$copy/tests/" && cp tests/mpi/run.sh "$copy/tests/mpi/" && cp rl/app/*_options.cpp "$copy/rl/app/"
cp docs/programs/asker.py "$copy/docs/programs/"
for rules in tests/*/rules.mk docs/*/rules.mk; do mkdir -p "$copy/${rules%/*}" && cp "$rules" "$copy/$rules"; done
for name in run_cartpole run_mountain_car program train_seeds one_rank mpi_ranks diagnose learner_files plot; do : > "$copy/rl/run/$name.cpp"; done
for name in ch04 ch14 run_question run_textbook run_theorem; do : > "$copy/docs/programs/$name.cpp"; done
cat > "$copy/compiler" << 'END'
#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" != -o ] || out=$2; shift; done
[ -n "${out-}" ] || exit 0
cat > "$out" << 'PROGRAM'
#!/bin/sh
name=$(basename "$0" | tr _ -) && name=${name#run-}
echo "$name:" "$@"
case $* in *--interrupted*) exit 130 ;; *--wrong*) exit 2 ;; *--evaluate*) test -f "build/runs/$name/policy.safetensors" ;; *) mkdir -p "build/runs/$name" && : > "build/runs/$name/policy.safetensors" ;; esac
PROGRAM
chmod +x "$out"
END
chmod +x "$copy/compiler"
cd "$copy" || exit 2

# is NAME GOT EXPECTED; has NAME TEXT: the last thing said has it.
is() {
  if [ "$2" = "$3" ]; then passed=$((passed + 1))
  else failed=$((failed + 1)); printf 'FAILED %s: expected\n%s\ngot\n%s\n' "$1" "$3" "$2"
  fi
}
has() { case $said in *"$2"*) is "$1" "" "" ;; *) is "$1" "$said" "...$2..." ;; esac; }
make_says() { said=$($MAKE CXX=./compiler "$@" 2>&1); status=$?; }
line() { printf '%s\n' "$said" | grep -v '^  c++ ' | sed -n "$1p"; }

# clean, without a build folder and with runs in it
make_says clean
is "clean without a build folder" "$status$said" 0
mkdir -p build/runs/a build/float build/.hidden && touch build/deps.ok build/runs/a/policy
make_says clean
is "clean keeps the runs" "$status$said$(find build | LC_ALL=C sort | xargs)" "0build build/runs build/runs/a build/runs/a/policy"
rm -r build && mkdir build && touch build/deps.ok

# help
make_says help
is "help has at most 80 columns" "$status$(printf '%s\n' "$said" | awk 'length($0) > 80')" 0
has "help names the targets" "  make run-NAME     "
has "help names the programs" "  programs          run-cartpole run-mountain-car run-question"
has "help names the chapters in their order" "  chapters          ch0 ch4 ch11 ch12 ch13 ch14: make ch4 "
has "help names the EPUB" "one EPUB"
is "plain make is help" "$($MAKE CXX=./compiler)" "$said"

# fmt without its library
make_says -n build/bin/run_cartpole CPPFLAGS=-DFMT_HEADER_ONLY LDLIBS=
is "with its headers alone fmt is not linked" "$status$(printf '%s\n' "$said" | grep -c -e -lfmt)" 00
make_says -n build/bin/run_cartpole
has "and without that it is" " -lfmt "

# Unknown variables: a warning, and the work is done.
spelling() {  # spelling VARIABLE=VALUE SAYS
  make_says clean "$1"
  is "a variable $1" "$status$said" "0make: warning: unknown variable ${1%%=*}; $2"
}
spelling SEED=3 'the right spelling is ARGS="--seed 3"'
spelling SEEDS=3 'the right spelling is ARGS="--seeds 3"'
spelling LEARNING_RATE=0.1 'the right spelling is ARGS="--learning-rate 0.1"'
spelling quiet=1 'the right spelling is ARGS="--quiet"'
spelling 'ARG=--seed 3' 'the right spelling is ARGS=--seed 3'
spelling file=my.csv 'the right spelling is FILE=my.csv'
spelling AUTODEPS=0 'the right spelling is AUTO_DEPS=0'
spelling XYZZY=1 'make help names the settings'
spelling "SEED=';touch x;\`touch x\`" "the right spelling is ARGS=\"--seed ';touch x;\`touch x\`\""
spelling "X';pwd>x;'Y=1" 'make help names the settings'
for name in FILE NET RUNS RANKS N HINT; do make_says clean "$name=\$(shell touch x)\`touch x\`"; done
is "a variable is no code" "$(ls x 2> /dev/null)" ""
for known in ARGS=a FILE=a NET=a RUNS=a RANKS=2 N=1 HINT=1 BUILD=build CXXFLAGS=-O0 LDLIBS=; do
  make_says clean "$known"
  is "the variable $known" "$status$said" 0
done

touch build/deps.ok
make_says -s run-textbook SEED=3
is "a variable of the textbook program" "$status$(line 1,9)" "0make: warning: unknown variable SEED; the right spelling is ARGS=3
textbook:"

# Unknown targets: one line, with the nearest.
nearest() {  # nearest TARGET SAYS
  make_says "$1"
  is "the target $1" "$status$(echo "$said" | sed 's/^[^ ]*: \*\*\* //; s/ (see make help)\.  Stop\.$//')" "2there is no $2"
}
nearest exersise 'target exersise; the nearest: make exercise'
nearest run 'target run; the nearest: make run-cartpole, make run-mountain-car, make run-question, make run-textbook, make run-theorem'
nearest cartpole 'target cartpole; the nearest: make run-cartpole, make watch-cartpole'
nearest run-cartpol 'target run-cartpol; the nearest: make run-cartpole'
nearest run-x 'target run-x; the nearest: make run-cartpole, make run-mountain-car, make run-question, make run-textbook, make run-theorem'
nearest watch-textbook 'target watch-textbook; the nearest: make run-textbook'
nearest ch9 'target ch9; the nearest: make ch4, make ch0'
nearest my.csv 'target or file my.csv'
nearest bench-peer 'target bench-peer; the nearest: make bench-peers'
nearest "x';touch x;'" "target x';touch x;'"
is "a target is no code" "$(ls x 2> /dev/null)" ""

# Chapters without a program of that name run theirs, or say what to type.
for chapter in 'ch0 question:' 'ch4 book: 4' 'ch11 theorem:'; do
  make_says -s "${chapter%% *}"
  is "make ${chapter%% *}" "$status$(line 1,9 | sed 's/ *$//')" "0${chapter#* }"
done
for chapter in 'ch12 make mutants' 'ch13 make diagnose FILE=my.csv'; do
  make_says "${chapter%% *}"
  is "make ${chapter%% *}" "$status$(printf '%s\n' "$said" | grep -c .)" 01
  has "make ${chapter%% *}" "${chapter#* }"
done

# make adds no line of its own where the message has been given.
make_says diagnose
is "diagnose without a file" "$status$(printf '%s\n' "$said" | sed 's/^[^ ]*: \*\*\* //')" \
  "2diagnose: expected one file or folder, got nothing: make diagnose FILE=my.csv.  Stop."
if env --default-signal=INT true 2> /dev/null; then  # ignored where this runs in the background of a script
  said=$(env --default-signal=INT "$MAKE" -s CXX=./compiler run-cartpole ARGS=--interrupted 2>&1); status=$?
  is "Ctrl-C" "$status$(line 1,9)" "130cartpole: --interrupted"
else skipped=$((skipped + 1))
fi
said=$(trap '' INT; $MAKE -s CXX=./compiler run-cartpole ARGS=--interrupted 2>&1); status=$?
is "interrupted, where make cannot be" "$status$(line 1)" "2cartpole: --interrupted"
has "interrupted, where make cannot be" " Error 130"
make_says -s run-cartpole ARGS=--wrong
is "a program's failure stays one" "$status$(line 1)" "2cartpole: --wrong"
has "a program's exit status" " Error 2"

# watch trains when there is nothing to watch, and only then.
make_says -s watch-mountain-car ARGS=--greedy
is "watch, first" "$status$(line 1,9)" "0make: nothing to watch yet: training first
mountain-car:
mountain-car: --evaluate build/runs/mountain-car --watch --greedy"
make_says -s watch-mountain-car
is "watch, again" "$status$(line 1,9)" "0mountain-car: --evaluate build/runs/mountain-car --watch"

# What is data arrives as it is.
make_says -s diagnose 'FILE=a b;$(c).csv' NET=d
is "a file's name" "$(line '$')" 'diagnose: a b;$(c).csv d'
make_says -s plot 'RUNS=a $(b) c'
is "the names of runs" "$(line '$')" 'plot: a $(b) c'

# An exercise that is not right is no error of make's; what went wrong otherwise is.
mkdir -p tests/exercises
for code in 0 1 2 3; do
  echo "echo \$1 \$N; exit $code" > tests/exercises/exercises.sh
  make_says exercise N=1
  case $code in 0 | 1) is "an exercise that ends with $code" "$status$said" "0exercise 1" ;; *) is "an exercise that ends with $code" "$status" 2 ;; esac
done

# The book shows that it is being written, and ends as its script does.
program() { printf '#!/bin/sh\n%s\n' "$2" > "$path/$1" && chmod +x "$path/$1"; }
program pandoc :
touch "$work/katex.min.js"
for code in 0 1; do
  echo "sleep 2; exit $code" > docs/site/site.sh
  said=$(PATH=$path:$PATH ALIVE_EVERY=1 $MAKE CXX=./compiler KATEX="$work" docs 2>&1)
  is "make docs, and a script that ends with $code" $? "$((2 * code))"
  has "make docs is alive" "1 s: writing the pages, then the EPUB"
done

# Many processes need Open MPI, and nothing else does.
ranks() { said=$(PATH=$path:$PATH $MAKE -s CXX=./compiler AUTO_DEPS=0 run-cartpole "$@" 2>&1); status=$?; }
program mpicc 'exit 1'
program mpirun 'while [ "$1" != -n ]; do shift; done; echo "mpirun: $*"'
ranks
is "one process without Open MPI" "$status$(line 1,9)" "0cartpole:"
ranks RANKS=4
is "four processes without Open MPI" "$status$(line 1)" "2deps: something is missing, and AUTO_DEPS=0 forbids to install it"
program mpicc 'echo Open MPI'
ranks RANKS=4 ARGS=--greedy
is "four processes" "$status$(line 1,9)" "0mpirun: -n 4 build/bin/run_cartpole_mpi --greedy"
said=$($MAKE -s CXX=./compiler run-textbook RANKS=2 2>&1); status=$?
is "a program that does not train" "$status$(line 1)" "2make: RANKS: expected a program that trains, got run_textbook"
for wrong in 0 '2;touch x' '$(shell touch x)' '`touch x`'; do
  ranks "RANKS=$wrong"
  is "RANKS=$wrong" "$status$(line 1)$(ls x 2> /dev/null)" "2make: RANKS: expected a number of processes from 1 to 9999, got $wrong"
done

# The NumPy program without NumPy.
if command -v python3 > /dev/null; then
  said=$(python3 -S docs/programs/asker.py 2>&1)
  is "asker.py without NumPy" "$?$said" "1asker.py: expected NumPy, got none: apt-get install python3-numpy, or pip install numpy"
else skipped=$((skipped + 1))
fi

# The installation: what is printed works when it is pasted.
for tool in sh mkdir mktemp cat rm sed tail tr sleep; do ln -s "$(command -v $tool)" "$path/$tool"; done
program apt-get "echo \"apt-get \$1\" >> '$work/pasted'; echo Unpacking"
program sudo 'echo sudo >> '"'$work/pasted'"'; "$@"'
install() { said=$(env -i PATH="$path" BUILD="$work/build" "$@" sh tests/deps.sh build 2>&1); status=$?; }
pasted() {  # pasted NAME EXPECTED
  rm -f "$work/pasted"
  PATH=$path sh -c "$(printf '%s\n' "$said" | sed -n 's/^  install it.* with: *//p')" > "$work/log" 2>&1
  is "$1, pasted" "$(xargs < "$work/pasted")" "$2"
}
program id 'echo 0'
install AUTO_DEPS=0
has "the line for root" "
  install it with:   apt-get update && apt-get install -y --no-install-recommends g++ "
pasted "the line for root" "apt-get update apt-get install"
program id 'echo 1000'
install AUTO_DEPS=0
has "the line for a user" "
  install it with:   sudo apt-get update && sudo apt-get install -y "
pasted "the line for a user" "sudo apt-get update sudo apt-get install"
program sudo 'exit 1'
install AUTO_DEPS=1
has "sudo is asked before anything is drawn" "deps: something is missing, and sudo was refused"
rm "$path/sudo"
install AUTO_DEPS=1
is "without sudo nothing is tried" "$status" 1
has "the line where there is no sudo" "
  install it as root with:   apt-get update && apt-get install -y "
pasted "the line where there is no sudo" "apt-get update apt-get install"
program id 'echo 0'
program apt-get 'echo Unpacking; sleep 1'
install AUTO_DEPS=1 ALIVE_EVERY=1
has "a long installation shows that it is alive" " s: installing: Unpacking"

# Long tests, too; and what shows it ends with them, or with the script that was killed.
printf 'sleep 2; echo "slow: 1 passed, 0 failed, 0 skipped"\n' > slow.sh
said=$(BUILD=build ALIVE_EVERY=1 sh tests/run.sh slow.sh 2>&1)
has "long tests show that they are alive" "1 s: waiting for slow.sh
"
is "long tests end with one line" "$(line '$')" "1 passed, 0 failed, 0 skipped"
# shellcheck disable=SC2016  # the $$ is the inner shell's
sh -c 'sh -c ". tests/alive.sh; alive echo x; kill -9 \$\$" 2>&1 | cat; echo ended' > ended 2> /dev/null &
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s ended ] || sleep 1; done
is "it ends when its script is killed" "$(cat ended)" ended

# The suite in double is built so that an index beyond the end of a vector or a span ends it.
mkdir -p nn && : > nn/dense.cpp && touch tests/std.hpp
said=$($MAKE -n AUTO_DEPS=0 build/double/nn/dense.o 2>&1)
has "the library of the suite in double has bounds assertions" "-DSCALAR=double -D_GLIBCXX_ASSERTIONS"

echo "make: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
