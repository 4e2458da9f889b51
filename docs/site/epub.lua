-- All pages, one behind the other, to one book. Before each stands <!-- page: NAME -->. Ids get the name of their page in
-- front, links between pages become links within the book, and a source file, which the book does not hold, is named only.
-- Fails when a link leads nowhere.

local pages, ids, links = {}, {}, {}

local function slug(text)  -- as the forge makes it, and docs/check.sh
  return (text:lower():gsub("[^%w _-]", ""):gsub(" ", "-"))
end

local function within(page)
  return {
    Math = function(el)  -- $`...`$
      el.text = el.text:gsub("^`", ""):gsub("`$", "")
      return el
    end,
    CodeBlock = function(el)  -- ```math
      if el.classes[1] == "math" then return pandoc.Para({ pandoc.Math("DisplayMath", el.text) }) end
    end,
    RawBlock = function(el)  -- the markers of docs/check.sh; two hyphens inside a comment are no XML
      if el.text:match("^<!%-%-") then return {} end
    end,
    Header = function(el)
      el.identifier = el.level == 1 and page or page .. "--" .. slug(pandoc.utils.stringify(el))
      ids[el.identifier] = true
      return el
    end,
    Link = function(el)
      if el.target:match("^%a+:") then return nil end
      local path, fragment = el.target:match("^([^#]*)#?(.*)$")
      local to = path == "" and page or path:match("^([^/]+)%.md$")
      if not to then return el.content end
      el.target = "#" .. to .. (fragment == "" and "" or "--" .. fragment)
      links[#links + 1] = { page, el.target }
      return el
    end,
  }
end

function Pandoc(doc)
  local blocks, page = {}, ""
  for _, block in ipairs(doc.blocks) do
    local name = block.t == "RawBlock" and block.text:match("^<!%-%- page: (%S+) %-%->")
    if name then
      page = name
    else
      for _, done in ipairs(pandoc.walk_block(pandoc.Div({ block }), within(page)).content) do blocks[#blocks + 1] = done end
    end
  end
  for _, link in ipairs(links) do
    if not ids[link[2]:sub(2)] then error(link[1] .. " links " .. link[2] .. ", and there is no such place in the book") end
  end
  return pandoc.Pandoc(blocks, doc.meta)
end
