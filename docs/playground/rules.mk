# The page that trains, breaks and diagnoses in a browser: make web. Its C++ is compiled to WebAssembly by clang, with the
# libraries that tests/deps.sh asks for (`web`), and ends as two scripts, since a page from disk can fetch nothing else.
web: web_modules ; @$(deps) docs && sh docs/site/site.sh $(BUILD)/docs ## the book with its page to train and break it: build/docs/playground.html
web_modules: $(BUILD)/web/train.js $(BUILD)/web/diagnose.js $(BUILD)/web/pong.js
web_library  = /usr/lib/llvm-16# libc++ for WebAssembly: that of 14 has no ranges
web_clang   ?= $(firstword $(shell command -v clang++-14 clang++))
web_flags    = --target=wasm32-wasi -std=c++20 -msimd128 -ffp-contract=off -fno-math-errno -fno-trapping-math -fopenmp-simd \
               -fexceptions -fvisibility=hidden -DSCALAR=float -DNDEBUG -Idocs/playground -I. -MMD -MP $(WARNINGS) -Wno-pass-failed -Wno-sign-conversion \
               -nostdinc++ -isystem $(web_library)/include/wasm32-wasi/c++/v1 -isystem $(web_library)/include/c++/v1
# What training spends its time in is made fast, everything else small: a page is loaded more often than it trains.
web_fast     = $(call sources,nn/arithmetic) $(addsuffix .cpp,$(addprefix nn/,activation network optimizer random softmax sparse states) \
               $(addprefix envs/,acrobot cartpole mountain_car pendulum pong trigonometry vector_env) $(addprefix rl/,bernoulli categorical gaussian sampling/player sampling/rollout))
web_level    = $(if $(filter $(web_fast),$<),-O2,-Oz)
web_link     = --target=wasm32-wasi -mexec-model=reactor -nostdlib++ -L$(web_library)/lib/wasm32-wasi -lc++ -lc++abi -Wl,--strip-all,--gc-sections
web_shared   = docs/playground/page.cpp docs/playground/format.cpp docs/playground/runtime.cpp nn/io/number.cpp
web_train    = $(web_shared) $(call sources,nn nn/arithmetic envs rl rl/sampling) docs/playground/train.cpp docs/playground/setup.cpp \
               docs/playground/planted.cpp docs/playground/mistakes.cpp docs/playground/shown.cpp docs/playground/shown_drawn.cpp \
               docs/playground/drawing.cpp docs/playground/curve.cpp docs/playground/live.cpp docs/playground/hand.cpp docs/playground/letters.cpp docs/playground/pong.cpp docs/playground/one_worker.cpp \
               rl/training/learner.cpp rl/training/evaluate.cpp rl/training/experiments.cpp rl/training/pretraining.cpp rl/training/writing.cpp rl/watch/scene.cpp \
               rl/app/training_options.cpp rl/app/option_table.cpp rl/app/option_text.cpp
web_diagnose = $(web_shared) $(call sources,rl/diagnose) docs/playground/diagnose.cpp
web_exports_shared   = _initialize room text_size
web_exports_train    = $(web_exports_shared) start settings update numbers returns evaluate show scene strip step next_wrong csv live live_step \
                       letters_written letters_play letters_word letters_of_book pong_policy pong_begin pong_frame pong_row pong_scene pong_won pong_lost \
                       one_step hand_row hand_arrows curve_line curve_point curve_return curve_picture curve_update_at parameters parameters_at mistakes environments
web_exports_diagnose = $(web_exports_shared) add_file diagnose diagnose_net catalogue

$(BUILD)/web/%.o: %.cpp | $(BUILD)/web.ok
	@mkdir -p $(@D) && echo '  clang++ --target=wasm32 $<' >&2 && $(web_clang) $(web_flags) $(web_level) -c -o $@ $<
# Linked without -O: with it clang runs wasm-opt where there is one, and does not tell it of SIMD.
web_objects = $(patsubst %.cpp,$(BUILD)/web/%.o,$(filter-out rl/sampling/workers.cpp,$(web_$(1))))
$(BUILD)/web/%.wasm: $$(call web_objects,$$*)
	@$(web_clang) $(web_link) $(foreach name,$(web_exports_$*),-Wl,--export=$(name)) -o $@ $^
web_script = { printf 'globalThis.onehot_module("%s", "' $(basename $(@F)) && base64 < $< | tr -d '\n' && echo '");'; } > $@.new && mv $@.new $@
$(BUILD)/web/%.js: $(BUILD)/web/%.wasm ; @$(web_script)
# The policy that a reader plays against: half a minute of training. The weights of the same seed are the same everywhere.
$(BUILD)/web/pong.js: $(BUILD)/web/pong/policy.safetensors ; @$(web_script)
$(BUILD)/web/pong/policy.safetensors: $(BUILD)/bin/run_pong ; @echo '  run_pong --seed 0' >&2 && $< --seed 0 --quiet --output $(@D) > /dev/null
$(BUILD)/web.ok: ; @$(deps) web && touch $@
.PHONY: web web_modules
