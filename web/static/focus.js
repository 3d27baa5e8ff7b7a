// What the keyboard comes to stands free of the bars at the edges of the screen (`scroll-padding`): browsers leave
// alone what is seen by half, and a row that scrolls sideways.
document.addEventListener("focusin", ({ target }) => {
  if (target.matches(":focus-visible") && target.getBoundingClientRect().height < innerHeight / 2) {
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});
