// Reads {name: {header, body, secrets}} of requests to a webhook and prints
// {name: what the libraries of Standard Webhooks, of Svix and of CloudEvents find
// wrong with it}.
import { readFileSync } from "node:fs";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { HTTP } from "cloudevents";

function faults({ header, body, secrets }) {
  const headers = Object.fromEntries(Object.entries(header).map(([k, v]) => [k.toLowerCase(), v[0]]));
  const found = [];
  const attempt = (name, f) => {
    try {
      f();
    } catch (e) {
      found.push(`${name}: ${e.message}`);
    }
  };
  for (const secret of secrets) {
    attempt("standardwebhooks", () => new StandardWebhook(secret).verify(body, headers));
    attempt("svix", () => new SvixWebhook(secret).verify(body, headers));
  }
  attempt("cloudevents", () => HTTP.toEvent({ headers, body }).validate());
  return found;
}

const requests = JSON.parse(readFileSync(0, "utf8"));
const answers = Object.entries(requests).map(([name, request]) => [name, faults(request)]);
console.log(JSON.stringify(Object.fromEntries(answers)));
