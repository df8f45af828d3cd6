// Reads {name: request to a flow} and prints {name: what the library of Adaptive
// Cards finds wrong with the card at version 1.4}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const cards = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

function faults(request) {
  const context = new cards.SerializationContext(cards.Versions.v1_4);
  const card = new cards.AdaptiveCard();
  card.parse(request.attachments[0].content, context);
  const found = [];
  for (let i = 0; i < context.eventCount; i++) {
    found.push(context.getEventAt(i).message);
  }
  for (const fault of card.validateProperties().validationEvents) {
    found.push(fault.message);
  }
  return found;
}

const requests = JSON.parse(readFileSync(0, "utf8"));
const answers = Object.entries(requests).map(([name, request]) => [name, faults(request)]);
console.log(JSON.stringify(Object.fromEntries(answers)));
