// Reads a calendar with ical.js and prints its events.
import ICAL from "ical.js";

let text = "";
for await (const piece of process.stdin) text += piece;
ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(JSON.parse(text)));
const events = calendar.getAllSubcomponents("vevent").map((c) => {
  const event = new ICAL.Event(c);
  return {
    uid: event.uid,
    summary: event.summary,
    description: event.description,
    start: event.startDate.toJSDate().toISOString(),
    url: c.getFirstPropertyValue("url"),
    alarms: c.getAllSubcomponents("valarm").map((a) => a.getFirstPropertyValue("trigger").toSeconds()),
  };
});
process.stdout.write(JSON.stringify({ name: calendar.getFirstPropertyValue("x-wr-calname"), events }));
