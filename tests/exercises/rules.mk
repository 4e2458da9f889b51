# The exercises: sources that tests/exercises/build.sh generates, one with all that compile, or one for each. What a vector
# holds ends at its end: a learner's index beyond it is told, and not answered with what lies there.
judge = $(BUILD)/double/tests/exercises/checks/main.o
$(BUILD)/exercises/%.o: $(BUILD)/exercises/%.cpp $(BUILD)/flags | $(BUILD)/deps.ok
	@$(CXX) $(flags) -D_GLIBCXX_ASSERTIONS -DSCALAR=double -O0 -w -Werror=return-type -c -o $@ $< 2> $(@:.o=.log)
$(BUILD)/exercises/%: $(BUILD)/exercises/%.o $(judge) $$(call objects,double,nn nn/arithmetic)
	@$(CXX) $(flags) $(LDFLAGS) -o $@ $^ $(libraries)
