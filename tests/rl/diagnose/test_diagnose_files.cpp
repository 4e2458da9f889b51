/// Diagnose as a user meets it: files of all kinds, messages, exit statuses.
#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "nn/io/file.hpp"
#include "rl/diagnose/diagnose.hpp"
#include "tests/rl/diagnose/cases.hpp"
#include "tests/support.hpp"

namespace test_diagnose_files {

namespace {

const std::string right_file =
    "action,p0,p1,d0,d1,weight\n"
    "0,0.6,0.4,0.8,-0.8,2\n"
    "1,0.3,0.7,-0.9,0.9,3\n";

/// The same learner with rewards, one row more, and its weights made of them: everything can be judged.
const std::string whole_file =
    "# gamma: 0.5\n"
    "action,p0,p1,d0,d1,weight,reward,episode\n"
    "0,0.61234567,0.38765433,0.82376545,-0.82376545,2.125,1.5,0\n"
    "1,0.31234567,0.68765433,-0.39043209,0.39043209,1.25,0.5,0\n"
    "1,0.52345678,0.47654322,-0.78518517,0.78518517,1.5,1.5,0\n"
    "0,0.45678912,0.54321088,-0.67901360,0.67901360,-1.25,-1.25,1\n"
    "1,0.23456789,0.76543211,-0.52777775,0.52777775,2.25,2.25,2\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

std::string error_of(const std::string& text) {
  try {
    rl::read_samples(text, "my.csv");
  } catch (const std::exception& error) {
    return error.what();
  }
  return "none";
}

std::string facts_of(const std::string& text) {
  return rl::report(rl::diagnose(rl::read_samples(text, "my.csv")));
}

}  // namespace

TEST_CASE("a table is read whatever its column order, line ends, blanks, comments and number formats") {
  const std::string answer = facts_of(right_file);
  CHECK(answer.starts_with("2 steps, 2 actions, weights given\n"));
  CHECK(answer.ends_with(
      "verdict: cannot tell: too few rows and digits: 2 fit the right vector, and would fit others\n"));
  CHECK(tests::verdict_of(whole_file) == "correct");
  CHECK(tests::verdict_of(replaced(whole_file, ",reward", ",gain")) ==
        "the output is correct; the weights cannot be judged (no column reward)");
  CHECK(facts_of(replaced(right_file, "\n", "\r\n")) == answer);
  CHECK(facts_of(replaced(right_file, "\n", "\n\n")) == answer);
  CHECK(facts_of(replaced(right_file, ",", " , ")) == answer);
  CHECK(facts_of(replaced(right_file, ",", ";")) == answer);
  CHECK(facts_of(replaced(right_file, ",", "\t")) == answer);
  CHECK(facts_of("# " + right_file) == answer);  // numpy.savetxt(..., header=...)
  CHECK(tests::verdict_of("# a remark\n# sign: ascent\n" + whole_file) == "correct");
  CHECK(tests::verdict_of("# sign: descent\n" + right_file) == "sign-flipped");
  CHECK(tests::verdict_of("# sign = descent\n" + right_file) == "sign-flipped");
  CHECK(tests::verdict_of(replaced(whole_file, "0.61234567", "+6.1234567e-01")) == "correct");
  CHECK(tests::verdict_of(replaced(right_file, "0.9", "1e400")) == "not-finite");
  CHECK(facts_of("action,p0,p1,d0,d1,weight,terminated\n0,.6,.4,.8,-.8,2,True\n1,.3,.7,-.9,.9,3,False\n")
            .starts_with("2 steps, 2 actions, weights given, 2 episodes\n"));
  CHECK(tests::acquits(
      tests::verdict_of("weight,d1,d0,p1,name,p0,action\n2.12345678,-0.84938271,0.84938271,0.4,left,0.6,0\n")));
  CHECK(facts_of("z0,z1,action,d0,d1\n1000,1000,0,1,-1\n").find("proportional") != std::string::npos);
  std::string wide = "action", row = "\n999";
  for (int k = 0; k < 1000; ++k) wide += fmt::format(",p{}", k), row += ",0.001";
  for (int k = 0; k < 1000; ++k) wide += fmt::format(",d{}", k), row += k == 999 ? ",0.999" : ",-0.001";
  CHECK(!tests::accuses(tests::verdict_of(wide + ",weight" + row + ",1\n")));
}

TEST_CASE("a key that nobody knows is said to be unused; a sentence with a colon is a comment") {
  CHECK(facts_of("# gama: 0.9\n# note to myself: try again\n" + right_file)
            .find("keys not used: gama; there are gamma, sign and weights\n") != std::string::npos);
  CHECK(facts_of("# sign: ascent\n# note to myself: try again\n" + right_file).find("not used") == std::string::npos);
}

TEST_CASE("every bad table is one line with file, line and column, what was expected and what came") {
  CHECK(error_of("p0,p1,d0,d1\n1,0,0,0\n") == "my.csv: expected a column action: the index of the action taken");
  CHECK(error_of("action,d0,d1\n0,1,1\n") ==
        "my.csv: expected columns p0, p1, ... (probabilities) or z0, z1, ... (logits)");
  CHECK(error_of("action,p0,p1\n0,1,1\n") ==
        "my.csv: expected columns d0, d1, ...: the vector you inject at the logits");
  CHECK(error_of("action,p0,p1,d0\n0,1,1,1\n") == "my.csv: expected as many columns d as p: 2, got 1");
  CHECK(error_of("action,p0,p2,d0,d1\n0,1,1,1,1\n") == "my.csv: there is a column p2, and no p1");
  CHECK(error_of("action,p0,p4000000000,d0,d1\n0,1,1,1,1\n") == "my.csv: there is a column p4000000000, and no p1");
  std::string many = "action";
  for (int k = 0; k < 10'000; ++k) many += ",p" + std::to_string(k);
  CHECK(error_of(many + "\n") == "my.csv: line 1: expected at most 10000 columns, got 10001");
  CHECK(error_of("action,p0,d0\n0,1,1\n") == "my.csv: expected at least two actions, got one column d0");
  CHECK(error_of("action,action,p0\n") == "my.csv: line 1: two columns are called action");
  CHECK(error_of("0,0.6,0.4,0.8,-0.8\n") == "my.csv: line 1: expected the names of the columns, got '0'");
  CHECK(error_of("action,p0,p1,d0,d1\n") == "my.csv: there is no row of numbers");
  CHECK(error_of("# gamma: 1\n") == "my.csv: there is no header line");
  CHECK(error_of(right_file + "0,1\n") == "my.csv: line 4: expected 6 fields, got 2");
  CHECK(error_of(replaced(right_file, "0.9", "x.9")) == "my.csv: line 3, column d0: expected a number, got '-x.9'");
  CHECK(error_of(replaced(right_file, "0.9", "")) == "my.csv: line 3, column d0: expected a number, got '-'");
  CHECK(error_of(replaced(right_file, "\n1,", "\n1000,")) ==
        "my.csv: line 3, column action: expected a whole number from 0 to 1, got 1000");
  CHECK(error_of(replaced(right_file, "\n1,", "\nnan,")) ==
        "my.csv: line 3, column action: expected a whole number from 0 to 1, got nan");
  CHECK(error_of("# gamma: 1.5\n" + right_file) == "my.csv: gamma: expected a number from 0 to 1, got '1.5'");
  CHECK(error_of("# sign: up\n" + right_file) == "my.csv: sign: expected ascent or descent, got 'up'");
  CHECK(error_of("# weights: x\n" + right_file) ==
        "my.csv: weights: expected return, reward_to_go or advantage, got 'x'");
  CHECK(error_of("action0,mu0,sigma0\n1,1,1\n") ==
        "my.csv: expected columns dmu0, ... or dlog_sigma0, ...: what you inject");
  CHECK(error_of("action0,mu0,dmu0\n1,1,1\n") ==
        "my.csv: expected columns sigma0, ... or log_sigma0, ..., as many as mu0, ...");
  CHECK(error_of("action,p0,p1,d0,d1,terminated\n0,.5,.5,1,1,2\n") ==
        "my.csv: line 2, column terminated: expected 0 or 1, got 2");
}

TEST_CASE("rounding never acquits: what digits, columns or a broken claim leave open is said in the last line") {
  const auto starts = [](const std::string& text, const char* verdict) {
    const std::string got = tests::verdict_of(text);
    CHECK_MESSAGE(got.starts_with(verdict), got);
  };
  // Garbage of two decimals that does not sum to 0, with no column weight; rows that do, with two actions.
  CHECK(!tests::acquits(tests::verdict_of("action,p0,p1,d0,d1\n0,0.61,0.39,0.52,0.33\n1,0.42,0.58,0.27,0.81\n")));
  starts("action,p0,p1,d0,d1\n0,0.61,0.39,5.52,-5.52\n1,0.42,0.58,0.27,-0.27\n",
         "cannot tell: the rows fit the right vector, with weights that cannot be judged (no column weight");
  // The key is a claim: rewards of one decimal do not explain weights of 100, -200, 300.
  starts(
      "# gamma: 0.9\n# weights: reward_to_go\naction,p0,p1,d0,d1,weight,reward,episode\n"
      "0,0.6,0.4,40,-40,100,0.5,0\n1,0.3,0.7,60,-60,-200,1,0\n1,0.5,0.5,-150,150,300,-1,0\n",
      "wrong, cause unknown");
  // Numbers near the largest one: every product of them is infinite.
  starts("action,p0,p1,d0,d1,weight\n0,0.6,0.4,4e307,-4e307,1e308\n1,0.3,0.7,-3e307,3e307,1e308\n",
         "cannot tell: a number injected is above 1e100");
  std::string wide = "action", row = "\n1";
  for (int k = 0; k < 500; ++k) wide += fmt::format(",p{},d{}", k, k), row += ",0.002,0.1";
  CHECK(!tests::acquits(tests::verdict_of(wide + row + row + "\n")));
}

TEST_CASE("rows of environments side by side are put together, and where that explains nothing, nobody is sure") {
  const std::string head = "# gamma: 0.5\naction,p0,p1,d0,d1,weight,reward,episode";
  const auto row = [](int action, double p0, double w, double r, int episode) {
    const double d0 = ((action == 0 ? 1 : 0) - p0) * w;
    return fmt::format("\n{},{},{},{:.15g},{:.15g},{},{},{}", action, p0, 1 - p0, d0, -d0, w, r, episode);
  };
  const auto file = [&](double a, double b, double c, double d, double e, double f) {
    return head + row(0, 0.375, a, 1.25, 0) + row(1, 0.25, b, 3, 1) + row(1, 0.625, c, 0.5, 0) + row(0, 0.5, d, -1, 1) +
           row(0, 0.125, e, 2, 0) + row(1, 0.75, f, 0.25, 1);
  };
  CHECK(tests::verdict_of(file(2, 2.5625, 1.5, -0.875, 2, 0.25)) == "correct");
  CHECK(tests::verdict_of(file(1.25, 3, 1.125, 0.5, 2.5625, 0.5)) == "rewards-summed-forwards");
  CHECK(tests::verdict_of(file(1, 7, 2, 5, 3, 11)) ==
        "the output is correct; the weights cannot be judged (the rows of episode 0 are not together)");
  // The same episode number in two environments.
  std::string with_env = head + ",env";
  for (const auto& [text, env] : {std::pair(row(0, 0.375, 2, 1.25, 0), 0),
                                  {row(1, 0.25, 2.5625, 3, 0), 1},
                                  {row(1, 0.625, 1.5, 0.5, 0), 0},
                                  {row(0, 0.5, -0.875, -1, 0), 1},
                                  {row(0, 0.125, 2, 2, 0), 0},
                                  {row(1, 0.75, 0.25, 0.25, 0), 1}})
    with_env += fmt::format("{},{}", text, env);
  CHECK(tests::verdict_of(with_env) == "correct");
}

TEST_CASE("rows behind the end of their episode are seen: padding that pushes, and a flag that contradicts") {
  std::string flagged;
  for (std::size_t at = 0, line = 0; at < whole_file.size(); ++line) {
    const std::size_t end = whole_file.find('\n', at);
    const char* flag = line == 0 ? "" : line == 1 ? ",terminated" : line == 4 || line == 5 || line == 6 ? ",1" : ",0";
    flagged += whole_file.substr(at, end - at) + flag + "\n", at = end + 1;
  }
  CHECK(tests::verdict_of(flagged) == "correct");
  CHECK(tests::verdict_of(flagged + "0,0.5,0.5,0,0,0,0,2,0\n") == "correct");  // masked
  CHECK(tests::names(tests::verdict_of(flagged + "0,0.5,0.5,0.25,-0.25,0.5,0,2,0\n0,0.5,0.5,0.25,-0.25,0.5,0,2,0\n"),
                     "padded-steps-included"));
}

TEST_CASE("a quoted field may hold commas, as pandas writes a list") {
  std::string quoted;
  for (std::size_t at = 0, line = 0; at < whole_file.size(); ++line) {
    const std::size_t end = whole_file.find('\n', at) + 1;
    quoted += (line == 0 ? "" : line == 1 ? "state," : "\"[0.1, 0.2]\",") + whole_file.substr(at, end - at), at = end;
  }
  CHECK(tests::verdict_of(quoted) == "correct");
}

TEST_CASE("NaN and infinity are data where a verdict needs them") {
  const auto file = [](const std::string& row, const std::string& more = "") {
    return "episode,action,p0,p1,d0,d1,weight\n0,0,0.6,0.4,0.8,-0.8,2\n0,1,0.5,0.5,-1,1,2\n" + row + more;
  };
  CHECK(tests::verdict_of(file("1,0,nan,nan,nan,nan,2\n")) == "softmax-overflows");
  CHECK(tests::verdict_of(file("1,0,0.5,0.5,nan,nan,nan\n")) == "whitened-one-step");
  CHECK(tests::verdict_of("action,p0,p1,d0,d1,weight\n0,.5,.5,nan,nan,nan\n0,.5,.5,nan,nan,nan\n") ==
        "whitened-equal-returns");
  CHECK(tests::verdict_of(file("1,0,0.5,0.5,nan,nan,inf\n", "1,0,0.5,0.5,1,-1,2\n")) == "weight-not-finite");
  CHECK(tests::verdict_of(file("1,0,1,0,-inf,nan,2\n")) == "log-of-zero");
  CHECK(tests::verdict_of(file("1,0,0.9,0.1,inf,0,2\n")) == "not-finite");
  CHECK(tests::verdict_of(file("1,0,1.9,-0.9,1,-1,2\n")) == "logits-for-probabilities");
  CHECK(tests::verdict_of(file("1,0,0.9,0.3,1,-1,2\n")) == "probabilities-do-not-sum-to-one");
  CHECK(tests::verdict_of("action,p0,p1,d0,d1\n0,0.25,0.5,1,1\n0,0.75,0.5,1,1\n") == "softmax-over-the-batch");
  CHECK(tests::verdict_of("action,p0,p1,d0,d1,reward\n0,0.5,0.5,1,-1,nan\n") == "reward-not-finite");
  std::string greedy = "action,p0,p1,d0,d1,weight\n", same = greedy;
  for (int t = 0; t < 60; ++t) {
    greedy += t % 2 == 0 ? "0,0.6,0.4,0.4,-0.4,1\n" : "1,0.4,0.6,-0.4,0.4,1\n";
    same += t % 2 == 0 ? "0,0.6,0.4,0.4,-0.4,1\n" : "0,0.4,0.6,0.6,-0.6,1\n";
  }
  CHECK(tests::verdict_of(greedy) == "acting-by-argmax");
  CHECK(tests::verdict_of(same) == "same-action-for-ever");
  // Two causes with the same numbers are both named.
  std::string favourite = "action,p0,p1,d0,d1,weight\n";
  for (int t = 0; t < 60; ++t) favourite += "0,0.6,0.4,0.4,-0.4,1\n";
  CHECK(tests::verdict_of(favourite) == "acting-by-argmax or same-action-for-ever");
  CHECK(tests::verdict_of("episode,action,p0,p1,d0,d1,weight\n0,0,.5,.5,nan,nan,nan\n1,0,.5,.5,nan,nan,nan\n") ==
        "whitened-one-step or whitened-equal-returns");
  // A rare action was taken, and its probability printed as 0.
  CHECK(!tests::accuses(tests::verdict_of("action,p0,p1,d0,d1,weight\n1,1.000000,0.000000,-2.000000,2.000000,2\n")));
}

TEST_CASE("an unknown mistake is called wrong, with the first entry that differs, got and expected") {
  const std::string answer =
      facts_of("action,p0,p1,d0,d1,weight\n0,0.6123,0.3877,0.7754,-0.7754,2\n1,0.3456,0.6544,-1.0368,0.5123,3\n");
  CHECK(answer.find("row 2, column 2: got 0.5123, expected 1.0368") != std::string::npos);
  CHECK(answer.ends_with("\nverdict: wrong, cause unknown\n"));
}

TEST_CASE("the numbers of the book, typed by hand with one decimal, are enough for a name") {
  const std::string head = "# sign: ascent\naction,p0,p1,d0,d1,weight\n0,0.6,0.4,";
  CHECK(tests::verdict_of(head + "1.2,0.8,2\n") == "probabilities-injected");
  CHECK(tests::names(tests::verdict_of(head + "0.8,0,2\n"), "taken-output-only"));
  CHECK(tests::verdict_of(head + "0.8,-0.8,2\n") ==
        "cannot tell: too few rows and digits: 1 fits the right vector, and would fit others");
}

TEST_CASE("the program: a verdict is status 0, an unreadable file 1, a wrong command line 2, each in one line") {
  const std::string diagnose = tests::program("diagnose");
  const tests::TemporaryFolder folder;
  const std::string file = (folder.path() / "my.csv").string();
  const auto error = [&](const std::string& arguments, int status) {
    const auto ran = tests::run(diagnose + " " + arguments);
    CHECK(ran.status == status);
    CHECK(ran.output == "");
    CHECK(std::ranges::count(ran.errors, '\n') == 1);
    return replaced(ran.errors, folder.path().string(), "DIR");
  };
  nn::write_file(file, "\xef\xbb\xbf" + whole_file);
  CHECK(tests::run(diagnose + " " + file).output.ends_with("\nverdict: correct\n"));
  CHECK(tests::run(diagnose + " " + file).status == 0);
  nn::write_file(file, replaced(right_file, "-0.8", "0"));
  const auto wrong = tests::run(diagnose + " " + file);
  CHECK(wrong.status == 0);
  CHECK(wrong.output.ends_with("\nverdict: wrong, cause unknown\n"));
  const auto list = tests::run(diagnose + " --list");
  CHECK(std::ranges::count(list.output, '\n') == std::ptrdiff_t(rl::verdicts().size()));

  CHECK(error("", 2) ==
        "diagnose: expected one file or folder, or --list, got nothing: make diagnose FILE=my.csv (see --help)\n");
  CHECK(error("a b", 2) == "diagnose: expected one file or folder, or --list, got 'a' and 'b' (see --help)\n");
  CHECK(error("--lst", 2) == "diagnose: unknown option --lst, the nearest is --list (see --help)\n");
  CHECK(error(folder.path() / "none", 1) == "diagnose: DIR/none: cannot read: No such file or directory\n");
  CHECK(error(folder.path(), 1) == "diagnose: DIR: expected a file x.csv or x.txt\n");
  CHECK(error("/dev/zero", 1) == "diagnose: /dev/zero: is not an ordinary file\n");
  nn::write_file(file, "");
  CHECK(error(file, 1) == "diagnose: DIR/my.csv: is empty\n");
  nn::write_file(file, std::string("\x93NUMPY\x01\0", 8));
  CHECK(error(file, 1) == "diagnose: DIR/my.csv: is a binary file of numpy.save; write text with numpy.savetxt\n");
  nn::write_file(file, std::string("action\n\0", 8));
  CHECK(error(file, 1) == "diagnose: DIR/my.csv: expected text, got a byte 0 in line 2\n");
  std::filesystem::resize_file(file, std::uintmax_t{1} << 30);  // has no blocks on the disk
  CHECK(error(file, 1) == "diagnose: DIR/my.csv: expected at most 16 MB, got 1024 MB; a few hundred rows are enough\n");
  nn::write_file(file, "hello\nworld\n");
  CHECK(error(file, 1) == "diagnose: DIR/my.csv: line 1: expected the names of the columns, got 'hello'\n");

  // A folder of matrices.
  const auto save = [&](const char* name, const char* text) { nn::write_file(folder.path() / name, text); };
  save("x.txt", "1.12345678 2.3456789\n"), save("dout.txt", "3.50000001\n"), save("W0.txt", "5 6\n");
  save("dW0.txt", "3.93209874 8.20987617\n");
  const std::string right = tests::run(diagnose + " " + folder.path().string()).output;
  CHECK(right.find("\nno file b0: these biases are taken to be 0\n") != std::string::npos);
  CHECK(right.find("\nright: dW0\n") != std::string::npos);
  CHECK(right.ends_with("\nverdict: correct\n"));
  save("dW0.txt", "3 6 9\n");
  CHECK(error(folder.path(), 1) == "diagnose: DIR: dW0: expected 1 x 2, got 1 x 3\n");
  save("dW0.txt", "3 six\n");
  CHECK(error(folder.path(), 1) == "diagnose: DIR/dW0: line 1, column 2: expected a number, got 'six'\n");
  save("x.txt", "1 2\n1 2\n");
  CHECK(error(folder.path(), 1) == "diagnose: DIR: expected as many rows in x as in dout, one per sample: 1, got 2\n");
  save("x.txt", "1 2 3\n");
  CHECK(error(folder.path(), 1) == "diagnose: DIR: expected weights that lead from 3 inputs to 1 outputs, got 1 x 2\n");
}

}  // namespace test_diagnose_files
