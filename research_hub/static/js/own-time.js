// An event's page says when it takes place there. This says beside it what the reader's own clock shows then, if it is not the same.

{
  const there = document.querySelector("time[data-zone]");
  const start = new Date(there.dateTime);
  const end = new Date(there.dataset.until);
  const parts = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" };

  const written = (options) => new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, ...options });
  const clock = (zone) => [start, end].map((moment) => written(zone).format(moment)).join();

  const row = document.querySelector(".own-time");
  if (clock({}) !== clock({ timeZone: there.dataset.zone })) {
    row.querySelector("dd").textContent = written({ timeZoneName: "short" }).formatRange(start, end);
  }
  row.hidden = false;
}
