//! The words of workbooks that pages do not have.

words! {
    /// The words of workbooks in one language.
    Words;
    // Names of sheets: at most 31 letters.
    summary() = "Summary", "Oversigt";
    exposure() = "Exposure", "Mulig udgift";
    accounts() = "Earned and paid", "Optjent og betalt";
    limits() = "Limits", "Lofter";
    investors() = "Investors", "Investorer";
    cases() = "Courses", "Forløb";
    dates() = "Dates", "Forfald";
    assumptions() = "Assumptions", "Forudsætninger";
    passport() = "Passport", "Pas";

    // Headers.
    contract() = "Contract", "Kontrakt";
    payer() = "Payer", "Betaler";
    year() = "Year", "År";
    total() = "total", "i alt";
    missing_then() = "missing then, on average", "mangler da i gennemsnit";
    earned_and_paid_title(currency) = "From earned to paid, averages in {currency}", "Fra optjent til betalt, gennemsnit i {currency}";
    difference() = "difference", "forskel";
    running() = "since the start", "siden start";
    class() = "kind", "art";
    in_all() = "numbers in all", "tal i alt";
    course() = "Course", "Forløb";

    // What a reader must know.
    formulas_note() =
        "Sums of averages are formulas. Amounts for 8 or 9 of 10 trials and the most the contract allows do not add up over years or payers: they are counted in the trials and stand as numbers.",
        "Summer af gennemsnit er formler. Beløb for 8 eller 9 af 10 gennemregninger og kontraktens lofter kan ikke lægges sammen over år eller betalere: de er talt op i gennemregningerne og står som tal.";
    accounts_note() =
        "What limits take and what moves away is negative, so that a row adds up to what is paid.",
        "Det over loftet og det, der flyttes herfra, er negativt, så rækken giver det betalte.";
    chart_note(title) = "{title}. The figures stand in the table above.", "{title}. Tallene står i tabellen ovenfor.";

    // How it was computed.
    program() = "Program", "Program";
    scenario() = "Scenario", "Scenarie";
    file() = "File", "Fil";
    digest() = "SHA-256 of the scenario", "Scenariets SHA-256";
    trials() = "Trials", "Gennemregninger";
    seed() = "Seed", "Startværdi";
    sampler() = "Sampler", "Trækning";
    holds() = "What holds", "Forbehold";
    again() =
        "The folder with this workbook holds the scenario and a passport; \"udfald verify\" computes everything again and compares every file.",
        "Mappen med dette regneark rummer scenariet og et pas; \"udfald verify\" regner alt ud igen og sammenligner hver fil.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::{Language, words};

    #[test]
    fn no_text_is_missing_or_left_in_the_other_language() {
        words::promise_nothing(ALL);
    }

    #[test]
    fn names_of_sheets_fit() {
        for language in Language::ALL {
            let words = Words(language);
            let names = [
                words.summary(),
                words.exposure(),
                words.accounts(),
                words.limits(),
                words.investors(),
                words.cases(),
                words.dates(),
                words.assumptions(),
                words.passport(),
            ];
            let mut known: Vec<_> = names.iter().map(|name| name.to_lowercase()).collect();
            known.sort();
            known.dedup();
            assert_eq!(known.len(), names.len());
            assert!(names.iter().all(|name| name.chars().count() <= 31 && !name.contains([':', '/', '\''])));
        }
    }
}
