// Calls the API with the official Node SDK: a list of calls on stdin, a list
// of outcomes on stdout.
const dns = require("dns");
const sdk = "tencentcloud-sdk-nodejs-intl-en/tencentcloud/"; // The whole of it takes seconds to load.
const Credential = require(sdk + "common/credential");
const ClientProfile = require(sdk + "common/profile/client_profile");
const HttpProfile = require(sdk + "common/profile/http_profile");

// Names below localhost are this machine, which not every resolver knows.
const lookup = dns.lookup;
dns.lookup = (name, options, done) =>
  name.endsWith(".localhost") ? lookup("127.0.0.1", options, done) : lookup(name, options, done);

const services = { tcss: require(sdk + "tcss/v20201101"), sts: require(sdk + "sts/v20180813") };

function call({ endpoint, sign, method, id, key, token, service, action, parameters }) {
  const http = new HttpProfile();
  http.endpoint = endpoint;
  http.protocol = "http://";
  http.reqMethod = method;
  const profile = new ClientProfile(sign, http);
  const { Client, Models } = services[service];
  const client = new Client(new Credential(id, key, token || null), "ap-singapore", profile);
  const request = new Models[action + "Request"]();
  request.from_json_string(JSON.stringify(parameters || {}));
  return new Promise((done) =>
    client[action](request, (err, response) =>
      done(err ? { code: err.code || "", message: err.message, requestId: err.requestId } : { response: JSON.parse(response.to_json_string()) })));
}

(async () => {
  let input = "";
  for await (const piece of process.stdin) input += piece;
  const outcomes = [];
  for (const c of JSON.parse(input)) outcomes.push(await call(c));
  process.stdout.write(JSON.stringify(outcomes));
})();
