/// The machine's limit: multiplications and additions on numbers that never leave the registers. Compiled twice, with
/// -DPEAK=peak_separate and with -DPEAK=peak_fused -ffp-contract=fast, where each pair is one instruction.

namespace bench {

double PEAK();

double PEAK() {
  using Vector [[gnu::vector_size(__BIGGEST_ALIGNMENT__)]] = float;  // as wide as this machine's registers
  constexpr int sums = 12, rounds = 1000;                            // enough sums to hide the latency of each
  Vector sum[sums] = {}, factor = Vector{} + 0.999f, term = Vector{} + 0.001f;
  asm volatile("" : "+m"(factor), "+m"(term));  // now the compiler does not know them
  for (int round = 0; round < rounds; ++round)
    for (int i = 0; i < sums; ++i) sum[i] = sum[i] * factor + term;
  asm volatile("" : : "m"(sum) : "memory");
  return 2. * sums * rounds * (sizeof(Vector) / sizeof(float));
}

}  // namespace bench
