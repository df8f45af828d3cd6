// Is a mail server on a port of this machine, by smtp-server, which it says, until
// its input ends; then prints what mailparser reads of the mails, as JSON.
//
// The first line of the input is {key, cert, username, password, methods}. A
// recipient greylisted@ is refused for now the first time, unknown@ for good.
import { createInterface } from "node:readline";
import { SMTPServer } from "smtp-server";
import { simpleParser } from "mailparser";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { key, cert, username, password, methods } = JSON.parse((await lines.next()).value);

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });
const seen = new Set();
const taken = [];
const server = new SMTPServer({
  key,
  cert,
  authMethods: methods,
  onAuth(auth, session, done) {
    const good = auth.username === username && (auth.validatePassword?.(password) ?? auth.password === password);
    done(good ? null : refusal(535, "Invalid username or password"), { user: username });
  },
  onRcptTo({ address }, session, done) {
    const first = !seen.has(address);
    seen.add(address);
    if (address.startsWith("unknown@")) return done(refusal(550, "No such user"));
    done(address.startsWith("greylisted@") && first ? refusal(451, "Greylisted, try again") : null);
  },
  onData(stream, session, done) {
    simpleParser(stream).then((mail) => {
      taken.push({
        secure: session.secure,
        method: session.transmissionType,
        to: session.envelope.rcptTo.map((r) => r.address),
        subject: mail.subject,
        messageId: mail.messageId,
        references: [mail.references ?? []].flat(),
        inReplyTo: mail.inReplyTo ?? "",
        autoSubmitted: mail.headers.get("auto-submitted") ?? "",
        date: mail.date,
        from: mail.from.text,
        text: mail.text,
        html: mail.html,
        attachments: mail.attachments.length,
      });
      done();
    }, done);
  },
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify(`127.0.0.1:${server.server.address().port}`)));

while (!(await lines.next()).done);
await new Promise((done) => process.stdout.write(JSON.stringify(taken), done));
process.exit();
