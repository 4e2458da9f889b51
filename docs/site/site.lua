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

-- What a program printed, with at most three blanks where a column of blanks goes through all lines: a phone is narrow.
-- A title, which is not indented and has no columns, stays as it is.
local function narrower(text)
  local rows, width = {}, 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    local row = {}
    for _, code in utf8.codes(line) do row[#row + 1] = utf8.char(code) end
    row.title = line:match("^%S") and not line:match("%S   ") and line
    rows[#rows + 1] = row
    width = math.max(width, #row)
  end
  local kept, blanks = {}, nil  -- nil: still in the indentation
  for column = 1, width do
    local blank = true
    for _, row in ipairs(rows) do blank = blank and (row.title or (row[column] or " ") == " ") end
    if not blank then blanks = 0 elseif blanks then blanks = blanks + 1 end
    if not blanks or blanks <= 3 then kept[#kept + 1] = column end
  end
  local lines = {}
  for _, row in ipairs(rows) do
    local line = ""
    for _, column in ipairs(kept) do line = line .. (row[column] or "") end
    lines[#lines + 1] = row.title or line
  end
  return table.concat(lines, "\n")
end

function CodeBlock(el)  -- ```math
  if el.classes[1] == "math" then return pandoc.Para({ pandoc.Math("DisplayMath", el.text) }) end
  if el.classes[1] == "text" then
    el.text = narrower(el.text)
    return el
  end
end

function Para(el)  -- a drawing
  if #el.content == 1 and el.content[1].t == "Image" then return pandoc.Div(pandoc.Plain(el.content), { class = "figure" }) end
end

function Table(el)
  if #el.colspecs > 5 then return pandoc.Div(el, { class = "wide" }) end
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
