# What `make check` feeds with garbage; clang++ alone builds it, with -fsanitize=fuzzer-no-link in CXXFLAGS.
$(BUILD)/fuzz/%: $(BUILD)/float/tests/fuzz/%.o $$(float_library)
	$(link) -fsanitize=fuzzer
