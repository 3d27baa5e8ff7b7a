// What counts say of a standard, as the server works it out (services/audit_facts.py), so that the inspector is asked for
// a word while still at the point. The server has the last word.
(() => {
  const MOST = 1000000, DAY = 24 * 60;
  const number = (text) => (text === undefined || text === "" ? null : Number(text));

  // Which of the counts cannot be used; nothing where all can.
  function bad(facts) {
    return Object.entries(facts).find(([name, text]) => {
      const value = Number(text), form = name === "minutes" ? /^\d{1,4}(\.\d{1,2})?$/ : /^\d{1,7}$/;
      return !form.test(text) || value > (name === "minutes" ? DAY : MOST);
    });
  }

  // The share of what is required that is missing; `null` where nothing is required.
  function missing({ found, required, enough: [over, under] }) {
    return required ? required * over > found * under : null;
  }

  // met, not_met, not_applicable; nothing where the counts say nothing.
  function of(facts, measure) {
    const { kind, costs, least, enough } = measure;
    const [found, required, faults, minutes] = ["found", "required", "faults", "minutes"].map((name) => number(facts[name]));
    const named = (lost) => (lost === null ? "not_applicable" : lost && costs ? "not_met" : "met");
    if (kind === "timed") return timed({ faults, minutes, least }, named);
    if (kind === "per_fault" && faults !== null) return named(faults > 0);
    if (kind === "yes_no" || found === null || required === null) return "";
    return named(missing({ found, required, enough: kind === "share" ? enough : [1, 1] }));
  }

  function timed({ faults, minutes, least }, named) {
    if (minutes !== null && minutes < least) return "not_applicable";
    if (faults === null) return "";
    return minutes === 0 ? "not_applicable" : named(faults > 0);
  }

  Duban.verdict = { of, bad };
})();
