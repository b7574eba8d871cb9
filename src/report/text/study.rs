//! The words of pages and workbooks of studies, and of the part of a page that says what moves the payments.

words! {
    /// The words of studies in one language.
    Words;
    for_sensitivity() = "What moves the payments", "Det, der flytter betalingerne";
    for_sweep() = "Under other values of a number", "Under andre værdier af et tal";
    for_compare() = "Scenarios held against each other", "Scenarier holdt op mod hinanden";
    what_moves_it() = "What moves the payments", "Det, der flytter betalingerne";
    why() = "Why payments are uncertain", "Hvorfor betalingerne er usikre";
    values() = "Payments under each value", "Betalinger under hver værdi";
    compared() = "What is compared", "Det, der sammenlignes";
    computed() = "How to read it, and how it was computed", "Sådan læses det, og sådan er det regnet ud";
    all_figures() = "All figures", "Alle tal";
    moved(payer) = "{payer}: what moves the average most", "{payer}: det, der flytter gennemsnittet mest";
    moved_in(unit) = "Average at both ends, {unit}", "Gennemsnit i begge ender, {unit}";
    moves_from(ends, low, high) = "{ends}: {low} to {high}", "{ends}: {low} til {high}";
    ends(low, high) = "{low} → {high}", "{low} → {high}";
    ends_legend() = "from end to end", "fra lavt til højt tal";
    mean_legend() = "average of the trials", "gennemsnittet";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::words;

    #[test]
    fn no_text_is_missing_or_left_in_the_other_language() {
        words::told_in_both(ALL, &["ends"]);
        words::promise_nothing(ALL);
    }
}
