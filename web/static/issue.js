// Before and after under one slider. Without scripts the two stand side by side (issue.css).
for (const sides of document.querySelectorAll(".sides.both")) {
  const range = sides.querySelector("input");
  const cut = () => sides.style.setProperty("--cut", `${range.value}%`);
  range.addEventListener("input", cut);
  cut(); // a browser that comes back to the page keeps where it stood
}
// What a form of this page complains about is looked at first.
document.querySelector("[aria-invalid='true']:not(fieldset), .act .alarm")?.scrollIntoView({ block: "center" });
