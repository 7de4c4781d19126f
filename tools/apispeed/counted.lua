-- SPDX-FileCopyrightText: 2026 The Allmende authors
--
-- SPDX-License-Identifier: EUPL-1.2

-- Asks for a path with a number in it that goes up with each request: the number
-- before the first, then the path with %d in the number's place.
local here = debug.getinfo(1, "S").source:match("@(.*/)") or "./"
dofile(here .. "result.lua")

local n, path

function init(args)
  n, path = tonumber(args[1]), args[2]
end

function request()
  n = n + 1
  return wrk.format("GET", path:format(n))
end
