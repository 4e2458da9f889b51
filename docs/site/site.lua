-- From the forge's Markdown to the site: mathematics as the forge writes it, links between pages and to sources, and a list
-- of the page's sections below its title. Wants two names of files in the environment: SOURCES gets one line per linked source,
-- and INDEX one line per section of a page, for the search of docs/site/site.js. The variable page names the page; without, it has no index.

local function append(name, line)
  local file = assert(io.open(os.getenv(name), "a"))
  file:write(line, "\n")
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

function Table(el)  -- scrolls on a narrow page
  return pandoc.Div(el, { class = #el.colspecs > 5 and "table wide" or "table" })
end

function Link(el)
  if el.target:match("^%a+:") then return nil end
  local path, fragment = el.target:match("^([^#]*)(#?.*)$")
  if path == "" then return nil end
  if path == "README.md" then
    el.target = "index.html" .. fragment
  elseif path == "playground/README.md" then  -- the fragment is a state of the page in the browser
    el.target = "playground.html" .. fragment
  elseif path:match("^[^/]+%.md$") then
    el.target = path:gsub("%.md$", ".html") .. fragment
  elseif path:match("^%.%./") then  -- a source file: shown as a page of its own
    path = path:gsub("^%.%./", "")
    append("SOURCES", path)
    el.target = "source/" .. path .. ".html" .. fragment
  end
  return el
end

-- Text as a reader would type it: of a formula its letters.
local function plain(block)
  local text = pandoc.utils.stringify(pandoc.walk_block(block, {
    Math = function(el)
      return pandoc.Str((el.text:gsub("\\text{(.-)}", "%1"):gsub("\\[,;!]", ""):gsub("\\_", "_"):gsub("\\(%a+)", "%1")))
    end,
    RawInline = function() return {} end,
    RawBlock = function() return {} end,
    CodeBlock = function(el) return pandoc.Para({ pandoc.Str(el.text), pandoc.Space() }) end,
    Para = function(el) return pandoc.Para(el.content .. { pandoc.Space() }) end,
    Plain = function(el) return pandoc.Plain(el.content .. { pandoc.Space() }) end,
  }))
  return (text:gsub("%s+", " "))
end

local function quoted(text)
  return '"' .. text:gsub("[\\\"]", "\\%0"):gsub("%c", " ") .. '"'
end

-- One line a section: [page, title of the page, id of the section, its title, its text].
local function index(doc, page)
  local title, id, section, text = page, "", "", {}
  local function flush()
    local row = { quoted(page), quoted(title), quoted(id), quoted(section), quoted(table.concat(text, " ")) }
    append("INDEX", "[" .. table.concat(row, ",") .. "],")
  end
  for _, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.level == 1 then
      title = plain(block)
    elseif block.t == "Header" then
      flush()
      id, section, text = block.identifier, plain(block), {}
    else
      text[#text + 1] = plain(block)
    end
  end
  flush()
end

-- The sections, folded; docs/site/site.js unfolds them where there is room.
local function contents(sections)
  local items = {}
  for _, header in ipairs(sections) do items[#items + 1] = { pandoc.Plain({ pandoc.Link(header.content, "#" .. header.identifier) }) } end
  return { pandoc.RawBlock("html", '<details class="toc"><summary>On this page</summary>'), pandoc.BulletList(items),
    pandoc.RawBlock("html", "</details>") }
end

function Pandoc(doc)
  local page = doc.meta.page and pandoc.utils.stringify(doc.meta.page)
  if not page then return nil end
  index(doc, page)
  local sections, blocks, title = {}, {}, false
  for _, block in ipairs(doc.blocks) do
    if block.t == "Header" and block.level == 2 then sections[#sections + 1] = block end
  end
  for _, block in ipairs(doc.blocks) do
    blocks[#blocks + 1] = block
    if not title and block.t == "Header" and block.level == 1 and #sections > 2 then
      title = true
      for _, part in ipairs(contents(sections)) do blocks[#blocks + 1] = part end
    end
  end
  return pandoc.Pandoc(blocks, doc.meta)
end
