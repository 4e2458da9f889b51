# The table of what the checks said, printed and as Markdown and SVG. Called by mutants.sh.
# A line: name|group|class|five verdicts, Adam's solved seeds and return, SGD's|options|title
BEGIN {
  groups = split("output gaussian weight layers optimizer data entropy numbers", group, " ")
  heading["output"] = "The injected vector"
  heading["gaussian"] = "Gaussian and Bernoulli policies"
  heading["weight"] = "The coefficient of a step"
  heading["layers"] = "The layers"
  heading["optimizer"] = "The optimizer and its gradients"
  heading["data"] = "What was played, and where"
  heading["entropy"] = "Entropy"
  heading["numbers"] = "Numbers"
  checks = split("gradient golden oracle probes assertions", check, " ")
  columns = "gradient check|golden|oracle|probes|assertions|CartPole with Adam|CartPole with SGD"

}
{
  if (!($2 in heading)) { print $1 ": expected a group of tests/mutants/table.awk, got " $2; bad = 1; next }
  names[++n] = $1; of[$1] = $2; class[$1] = $3; options[$1] = $5; title[$1] = $6
  split($4, word, " ")
  caught = only = 0
  for (i = 1; i <= checks; ++i) {
    killed[$1, i] = (word[i] == "killed")
    if (killed[$1, i]) { ++caught; only = i }
  }
  for (i = 6; i <= 7; ++i) {
    seeds[$1, i] = word[2 * i - 6]; mean[$1, i] = word[2 * i - 5]
    unused[$1, i] = word[2 * i - 6] == "none"
    killed[$1, i] = !unused[$1, i] && word[2 * i - 6] < enough
  }
  if ($3 == "harmless") ++harmless
  else {
    ++bugs
    for (i = 1; i <= 7; ++i) caughts[i] += killed[$1, i]
    met += !unused[$1, 6]
    hidden_both += !unused[$1, 6] && !killed[$1, 6] && !unused[$1, 7] && !killed[$1, 7]
    hidden_adam += !unused[$1, 6] && !killed[$1, 6]
    if (caught == 1 && !killed[$1, 6] && !killed[$1, 7]) lonely[only] = lonely[only] (lonely[only] ? ", " : "") $6
    if (!caught) { print $1 ": a bug, and no check but CartPole can notice it: write the test that does"; bad = 1 }
  }
}
function cell(name, i) {
  if (i <= checks) return killed[name, i] ? "killed" : "·"
  if (unused[name, i]) return "·"
  return (killed[name, i] ? "killed, " : "") mean[name, i] " (" seeds[name, i] ")"
}
function xml(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }
function label(name) { return title[name] (class[name] == "harmless" ? " (harmless)" : "") }
END {
  printf "%-34s%10s%8s%8s%8s%12s%20s%20s\n", "", "gradient", "golden", "oracle", "probes", "assertions", "CartPole Adam", "CartPole SGD"
  for (g = 1; g <= groups; ++g)
    for (m = 1; m <= n; ++m)
      if (of[names[m]] == group[g]) {
        name = names[m]
        printf "%-34s", name (class[name] == "harmless" ? " *" : "")
        for (i = 1; i <= 7; ++i) {
          text = cell(name, i)
          if (text == "·") text = "-"
          printf (i == 1 ? "%10s" : i == 5 ? "%12s" : i > 5 ? "%20s" : "%8s"), text
        }
        printf "\n"
      }
  printf "%d mutants, %d of them harmless (*). CartPole runs the code of %d bugs, and lets pass %d with Adam, %d with Adam and with SGD.\n", n, harmless, met, hidden_adam, hidden_both
  if (full == "" || bad) exit bad
  markdown()
  svg()
}
function markdown(  i, g, m, name, text) {
  printf "" > table
  split(none, word, " ")
  text = sprintf("%d mistakes, %d of them harmless. **CartPole runs the code of %d bugs. Of these, %d survive it with Adam, and %d of them survive it with plain SGD too.** Of all %d bugs the checks notice:", n, harmless, met, hidden_adam, hidden_both, bugs)
  for (i = 1; i <= 7; ++i) text = text sprintf("%s %s %d", (i > 1 ? "," : ""), column_name(i), caughts[i])
  printf "%s.\n\nWithout a mistake CartPole gives %s (%s) with Adam and %s (%s) with SGD.\n", wrapped(text, ""), word[7], word[6], word[9], word[8] > table
  for (g = 1; g <= groups; ++g) {
    printf "\n### %s\n\n| mistake | gradient check | golden | oracle | probes | assertions | CartPole, Adam | CartPole, SGD |\n|---|---|---|---|---|---|---|---|\n", heading[group[g]] > table
    for (m = 1; m <= n; ++m)
      if (of[names[m]] == group[g]) {
        name = names[m]
        printf "| [%s](../tests/mutants/%s.mutant)%s%s |", title[name], name, (class[name] == "harmless" ? ", *harmless*" : ""), (options[name] ~ /^-/ ? ", `" options[name] "`" : "") > table
        for (i = 1; i <= 7; ++i) printf " %s |", cell(name, i) > table
        printf "\n" > table
      }
  }
  printf "\n### Caught by one kind of check only\n\n" > table
  for (i = 1; i <= checks; ++i) if (lonely[i]) print wrapped("- " column_name(i) ": " lonely[i] ".", "  ") > table
  close(table)
}
function wrapped(text, indent,  part, count, i, line, all) {
  count = split(text, part, " ")
  line = part[1]
  for (i = 2; i <= count; ++i)
    if (length(line " " part[i]) > 128) { all = all line "\n"; line = indent part[i] }
    else line = line " " part[i]
  return all line
}
function column_name(i,  part) { split(columns, part, "|"); return part[i] }
function colour(name, i) { return killed[name, i] ? "#1f5a8a" : (i > checks && unused[name, i]) ? "#ffffff" : class[name] == "harmless" ? "#e3e3e3" : "#f6d7a7" }
function svg(  i, g, m, name, x, y, height, left, width, row) {
  left = 520; width = 74; row = 17; height = 110 + n * row + groups * 26 + 12
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">\n", left + 7 * width + 16, height > picture
  printf "<title>Which check catches which mistake</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"8\" fill=\"#ffffff\"/>\n" > picture
  printf "<rect x=\"16\" y=\"16\" width=\"14\" height=\"14\" fill=\"#1f5a8a\"/><text x=\"36\" y=\"27\" fill=\"#222\">killed</text>" > picture
  printf "<rect x=\"16\" y=\"38\" width=\"14\" height=\"14\" fill=\"#f6d7a7\"/><text x=\"36\" y=\"49\" fill=\"#222\">a mistake that survived (CartPole: mean return; blank: never run)</text>\n" > picture
  printf "<rect x=\"16\" y=\"60\" width=\"14\" height=\"14\" fill=\"#e3e3e3\"/><text x=\"36\" y=\"71\" fill=\"#222\">harmless: there is nothing to catch</text>\n" > picture
  for (i = 1; i <= 7; ++i) {
    split(column_name(i), word, / (with )?/)
    x = left + (i - 0.5) * width
    printf "<text x=\"%g\" y=\"%d\" text-anchor=\"middle\" fill=\"#222\">%s</text>", x, word[2] == "" ? 76 : 60, word[1] > picture
    if (word[2] != "") printf "<text x=\"%g\" y=\"76\" text-anchor=\"middle\" fill=\"#222\">%s</text>", x, word[2] > picture
    printf "\n" > picture
  }
  y = 84
  for (g = 1; g <= groups; ++g) {
    y += 26
    printf "<text x=\"16\" y=\"%d\" font-weight=\"bold\" fill=\"#222\">%s</text>\n", y - 6, heading[group[g]] > picture
    for (m = 1; m <= n; ++m)
      if (of[names[m]] == group[g]) {
        name = names[m]
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#222\">%s</text>", left - 8, y + 13, xml(label(name)) > picture
        for (i = 1; i <= 7; ++i) {
          x = left + (i - 1) * width
          printf "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>", x + 1, y + 1, width - 2, row - 2, colour(name, i) > picture
          if (i > checks && !unused[name, i]) printf "<text x=\"%g\" y=\"%d\" text-anchor=\"middle\" font-size=\"11\" fill=\"%s\">%s</text>", x + width / 2, y + 13, killed[name, i] ? "#fff" : "#222", mean[name, i] > picture
        }
        printf "\n" > picture
        y += row
      }
  }
  printf "</svg>\n" > picture
  close(picture)
}
