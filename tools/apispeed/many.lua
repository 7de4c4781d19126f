-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Asks for the paths of a file, one after the other, and from its beginning again.
local here = debug.getinfo(1, "S").source:match("@(.*/)") or "./"
dofile(here .. "result.lua")

local requests, at = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end
