// New messages replace the list; an open detail keeps it as it is.
const list = document.getElementById("messages");
let last = "";
setInterval(async () => {
  if (list.querySelector("details[open]")) return;
  const answer = await fetch("/messages").catch(() => null);
  if (!answer || !answer.ok) return;
  const html = await answer.text();
  if (html !== last) list.innerHTML = last = html;
}, 1000);
