-- From the forge's Markdown to the site: mathematics as the forge writes it, and links between pages and to sources.
-- Wants the environment variable SOURCES, a file that gets one line per linked source.

local function note(path)
  local file = assert(io.open(os.getenv("SOURCES"), "a"))
  file:write(path, "\n")
  file:close()
end

function Math(el)  -- $`...`$
  el.text = el.text:gsub("^`", ""):gsub("`$", "")
  return el
end

function CodeBlock(el)  -- ```math
  if el.classes[1] == "math" then return pandoc.Para({ pandoc.Math("DisplayMath", el.text) }) end
end

function Link(el)
  if el.target:match("^%a+:") then return nil end
  local path, fragment = el.target:match("^([^#]*)(#?.*)$")
  if path == "" then return nil end
  if path == "README.md" then
    el.target = "index.html" .. fragment
  elseif path:match("^[^/]+%.md$") then
    el.target = path:gsub("%.md$", ".html") .. fragment
  elseif path:match("^%.%./") then  -- a source file: shown as a page of its own
    path = path:gsub("^%.%./", "")
    note(path)
    el.target = "source/" .. path .. ".html" .. fragment
  end
  return el
end
