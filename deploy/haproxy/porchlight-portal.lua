-- Forward auth for HAProxy (2.5 or newer), which has none built in: asks the portal about each request with HAProxy's
-- own HTTP client. `http-request lua.porchlight-portal <url>` sets txn.porchlight_user, _email, _name and _groups to
-- what the portal said, leaves unset what it did not say, and answers with the portal's own answer when that is not
-- a yes. Nothing of it reads an identity header of the client.

local timeout_ms = 10000

-- What a portal may want to know of the client. Nothing that describes the body: the portal gets none.
local passed_on = {
	'accept', 'accept-language', 'authorization', 'cookie', 'origin', 'referer', 'sec-fetch-dest', 'sec-fetch-mode',
	'sec-fetch-site', 'user-agent', 'x-requested-with',
}

-- What of the portal's answer reaches the browser when it is not a yes: its login redirect, its page, its cookies.
local passed_back = { 'cache-control', 'content-type', 'location', 'set-cookie', 'www-authenticate' }

local identity = {
	porchlight_user = 'remote-user',
	porchlight_email = 'remote-email',
	porchlight_name = 'remote-name',
	porchlight_groups = 'remote-groups',
}

-- HAProxy counts the values of a header from 0, Lua from 1.
local function values_of(headers, name)
	local values = {}
	local given = headers[name]
	local index = 0
	while given and given[index] do
		values[#values + 1] = given[index]
		index = index + 1
	end
	return values
end

local function question(txn)
	local sent = txn.http:req_get_headers()
	local headers = {}
	for _, name in ipairs(passed_on) do
		local values = values_of(sent, name)
		if #values > 0 then headers[name] = values end
	end
	local https = txn.f:ssl_fc() == 1
	local host = values_of(sent, 'host')[1] or ''
	local path = txn.f:pathq()
	local method = txn.f:method()
	headers['x-forwarded-proto'] = { https and 'https' or 'http' }
	headers['x-forwarded-host'] = { host }
	headers['x-forwarded-uri'] = { path }
	headers['x-forwarded-method'] = { method }
	headers['x-forwarded-for'] = { txn.f:src() }
	return headers
end

local function pass_back(txn, answer)
	local reply = txn:reply({ status = answer.status, body = answer.body })
	for _, name in ipairs(passed_back) do
		for _, value in ipairs(values_of(answer.headers, name)) do reply:add_header(name, value) end
	end
	txn:done(reply)
end

local function no_answer(txn)
	core.Warning('the portal gave no answer')
	txn:done(txn:reply({ status = 502, body = 'The login portal does not answer.\n' }))
end

-- A header that the portal sent twice arrives as one line: Porchlight takes `a,a` for a, and refuses `a,b`.
local function remember(txn, answer)
	for variable, name in pairs(identity) do
		local values = values_of(answer.headers, name)
		if #values > 0 then txn:set_var('txn.' .. variable, table.concat(values, ',')) end
	end
end

core.register_action('porchlight-portal', { 'http-req' }, function(txn, url)
	local answer = core.httpclient():get({ url = url, headers = question(txn), timeout = timeout_ms })
	if not answer or not answer.status or answer.status < 200 then return no_answer(txn) end
	if answer.status > 299 then return pass_back(txn, answer) end
	remember(txn, answer)
end, 1)
