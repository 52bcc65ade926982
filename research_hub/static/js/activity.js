// Lists work without this file. Where htmx swaps one in place, this tells the reader what came and where they are.

const status = document.getElementById("status");

// Where the bars of the years do not all fit, the chosen ones or else the newest are in sight.
const showYears = () => {
  const bars = document.querySelector(".years ol");
  if (bars) bars.scrollLeft = bars.querySelector("[aria-current]")?.offsetLeft ?? bars.scrollWidth;
};
showYears();

document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.path = detail.path.split("#")[0]; // the way to the list is for a page that is loaded whole
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name);
  }
});

document.addEventListener("htmx:beforeRequest", () => {
  status.textContent = ""; // the same count twice is still news
});

document.addEventListener("htmx:afterSettle", ({ target: list }) => {
  if (list.id !== "activity") return;
  showYears();
  const news = [...list.querySelectorAll("[data-announce]")];
  status.textContent = news.map((piece) => piece.textContent.trim()).join(" ");
  // htmx finds the focused element again by its id; a pager link has none, and its list is read from the top.
  if (document.activeElement === document.body) document.getElementById("activity-heading").focus();
});

for (const failure of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(failure, ({ detail }) => location.assign(detail.pathInfo.finalRequestPath));
}
