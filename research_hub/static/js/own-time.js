// An event's page says when it takes place there. Where the reader's clock shows another hour, this says it beside it.

{
  const there = document.querySelector("time[data-zone]");
  const start = new Date(there.dateTime);
  const end = new Date(there.dataset.until);
  const parts = { year: "numeric", month: "long", day: "numeric", hour: "numeric", minute: "2-digit" };

  const written = (options) => new Intl.DateTimeFormat(document.documentElement.lang, { ...parts, ...options });
  const clock = (zone) => [start, end].map((moment) => written(zone).format(moment)).join();

  if (clock({}) !== clock({ timeZone: there.dataset.zone })) {
    const row = document.querySelector(".own-time");
    row.querySelector("dd").textContent = written({ timeZoneName: "short" }).formatRange(start, end);
    row.hidden = false;
  }
}
