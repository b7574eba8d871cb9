//! The words of the pages, a line for each with its English and its Danish beside each other.

use super::Language;

/// The words of the pages in one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words(pub(crate) Language);

/// A function for each text. A text that one language lacks does not compile, nor one that leaves out an argument.
macro_rules! words {
    ($($name:ident($($argument:ident),*) = $english:literal, $danish:literal;)*) => {
        impl Words {
            $(pub(crate) fn $name(self $(, $argument: &str)*) -> String {
                match self.0 {
                    Language::En => format!($english $(, $argument = $argument)*),
                    Language::Da => one_stop(&format!($danish $(, $argument = $argument)*)),
                }
            })*
        }

        #[cfg(test)]
        const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $english, $danish)),*];
    };
}

/// Danish without a second full stop after an amount that ends a sentence.
fn one_stop(sentence: &str) -> String {
    sentence.replace("kr..", "kr.")
}

words! {
    // Money and names.
    million(amount, currency) = "{amount} million {currency}", "{amount} mio. {currency}";
    units(amount, currency) = "{amount} {currency}", "{amount} {currency}";
    in_million(currency) = "million {currency}", "mio. {currency}";
    between(first, last) = "{first}-{last}", "{first}-{last}";

    // Who reads it.
    for_council() = "Page for the council", "Notat til byrådet";
    for_finance() = "Page for the finance department", "Notat til økonomiafdelingen";
    for_analyst() = "Page for analysts", "Notat til analytikere";
    skip() = "Skip to the figures", "Gå til tallene";
    contents() = "Contents", "Indhold";
    figures_behind(title) = "The figures behind: {title}", "Tallene bag: {title}";
    scrolls(title) = "Table, scrolls sideways: {title}", "Tabel, kan rulles sidelæns: {title}";

    // In short.
    in_short() = "In short", "Kort fortalt";
    pays(payer, mean, years, p90, most) =
        "{payer} pays {mean} on average in {years}. In 9 of 10 trials it pays at most {p90}, and whatever happens never more than {most}.",
        "{payer} betaler i gennemsnit {mean} i {years}. I 9 af 10 gennemregninger højst {p90}, og uanset hvad der sker aldrig mere end {most}.";
    pays_in_year(payer, mean, year, p90, most) =
        "{payer} pays {mean} on average, all in {year}. In 9 of 10 trials it pays at most {p90}, and whatever happens never more than {most}.",
        "{payer} betaler i gennemsnit {mean}, alt sammen i {year}. I 9 af 10 gennemregninger højst {p90}, og uanset hvad der sker aldrig mere end {most}.";
    pays_up_to(payer, mean, years, share, most) =
        "{payer} pays {mean} on average in {years}. In {share} of the trials it pays {most}, the most the contract allows.",
        "{payer} betaler i gennemsnit {mean} i {years}. I {share} af gennemregningerne betaler den {most}, som er det højeste, kontrakten tillader.";
    dearest(year, mean, p90) =
        "The dearest year is {year}, with {mean} on average and at most {p90} in 9 of 10 trials.",
        "Det dyreste år er {year} med {mean} i gennemsnit og højst {p90} i 9 af 10 gennemregninger.";
    not_enough(amount, year, share, short) =
        "The {amount} appropriated for {year} are not enough in {share} of the trials; then {short} is missing on average.",
        "Bevillingen på {amount} for {year} rækker ikke i {share} af gennemregningerne; så mangler der i gennemsnit {short}.";
    enough() =
        "What is appropriated is enough in every year of every trial.",
        "Bevillingerne rækker i alle år i alle gennemregninger.";
    investor(name, out, back, share, loss) =
        "{name} puts in {out} and gets back {back} on average, {share} of it. In {loss} of the trials it loses money.",
        "{name} udbetaler {out} og får i gennemsnit {back} tilbage, {share} af det. I {loss} af gennemregningerne taber den penge.";
    gives(name, amount) =
        "{name} gives {amount}, which is never repaid.",
        "{name} giver {amount}, som aldrig tilbagebetales.";
    trial(trials) =
        "A trial is one course that the contracts might take, from the first person enrolled to the last payment. All figures are counted over {trials} trials.",
        "En gennemregning er ét forløb, som kontrakterne kan få, fra den første visiterede til den sidste betaling. Alle tal er talt op over {trials} gennemregninger.";

    // Payments by budget year.
    by_year() = "What each payer may have to pay, by budget year", "Mulig udgift for hver betaler, år for år";
    by_year_of(payer) = "{payer}: payments by budget year", "{payer}: betaling i hvert budgetår";
    bar_label(mean, p90) = "{mean} on average, at most {p90} in 9 of 10", "{mean} i gennemsnit, højst {p90} i 9 af 10";
    bar_desc(year, mean, p10, p90, most) =
        "{year}: {mean} on average, between {p10} and {p90} in 8 of 10 trials, never more than {most}.",
        "{year}: {mean} i gennemsnit, mellem {p10} og {p90} i 8 af 10 gennemregninger, aldrig mere end {most}.";
    over_note(share) = "appropriation exceeded in {share}", "bevillingen overskrides i {share}";
    legend_mean() = "average", "gennemsnit";
    legend_range() = "8 of 10 trials", "8 af 10 gennemregninger";
    legend_most() = "most the contract allows", "kontraktens loft";
    legend_appropriation() = "appropriation", "bevilling";
    budget_view(currency) = "Budget years and later, in {currency}", "Budgetår og senere, i {currency}";
    row_mean() = "average", "gennemsnit";
    row_p90() = "at most, in 9 of 10 trials", "højst i 9 af 10 gennemregninger";
    row_most() = "most the contract allows", "kontraktens loft";
    row_appropriation() = "appropriation", "bevilling";
    row_over() = "chance that it is exceeded", "sandsynlighed for overskridelse";
    row_short() = "missing then, on average", "så mangler i gennemsnit";
    later() = "later", "senere";
    rows() = "Payer and figure", "Betaler og tal";
    do_not_add() =
        "The amounts for 9 of 10 trials do not add up over years or payers, nor do the most the contract allows: a limit is often shared by several years. Totals are counted in the trials.",
        "Beløbene for 9 af 10 gennemregninger kan ikke lægges sammen over år eller betalere, og det kan lofterne heller ikke: et loft gælder ofte flere år under ét. Totalerne er talt op i gennemregningerne.";
    later_blank() =
        "Of several later years together only the average is known.",
        "For flere senere år under ét kendes kun gennemsnittet.";

    // A hundred trials.
    hundred() = "How a hundred trials end", "Sådan ender hundrede gennemregninger";
    hundred_of(payer) = "{payer}: how a hundred trials end", "{payer}: sådan ender hundrede gennemregninger";
    of_hundred() = "Of 100 trials", "Af 100 gennemregninger";
    hundred_caption() = "Of 100 trials, over all years", "Af 100 gennemregninger, alle år under ét";
    dot_nothing() = "nothing is paid", "intet betales";
    dot_part() = "all is paid", "alt betales";
    dot_limit() = "up to a limit", "op til loftet";
    dots_desc(nothing, part, limit) =
        "Of 100 trials {nothing} end with no payment, {part} with all paid that is earned, and {limit} with a payment up to a limit.",
        "Af 100 gennemregninger ender {nothing} uden betaling, {part} med at alt optjent betales, og {limit} med betaling op til loftet.";
    dots_legend() =
        "All is paid: everything that is earned. Up to a limit: more is earned than a limit lets through, and what lies above it is not paid.",
        "Alt betales: alt, der er optjent. Op til loftet: der er optjent mere, end loftet tillader, og det over loftet betales ikke.";
    payer() = "Payer", "Betaler";

    // Named cases.
    cases() = "If everything is reached, and if nothing is", "Hvis alt nås, og hvis intet nås";
    cases_named() = "Named courses without chance", "Forløb uden tilfældighed";
    cases_caption(currency) = "What is paid over all years, in {currency}", "Betaling alle år under ét, i {currency}";
    case_plan() = "every goal as planned", "alle mål som planlagt";
    case_nothing() = "no goal reached", "intet mål nået";
    average_of_trials() = "average of the trials", "gennemsnit af gennemregningerne";
    plan_above_mean() =
        "The average lies below the plan, since limits take what goes better and nothing makes up for what goes worse.",
        "Gennemsnittet ligger under planen, fordi loftet tager det, der går bedre, og intet opvejer det, der går dårligere.";

    // What it rests on.
    rests_on() = "What the figures rest on", "Det, tallene hviler på";
    not_known() =
        "The figures show what chance and what is not known can do. Whether the assumptions are right no calculation shows.",
        "Tallene viser, hvad tilfældigheder og det, vi ikke ved, kan betyde. Om antagelserne er rigtige, kan ingen beregning vise.";
    left_out() =
        "Not included: savings, own staff, co-financing, state reimbursement, VAT.",
        "Ikke medregnet: besparelser, eget personale, medfinansiering, statslig refusion, moms.";

    // How it was computed.
    computed() = "How it was computed", "Sådan er det regnet ud";
    again() =
        "The folder with this page holds the scenario and a passport; \"udfald verify\" computes everything again and compares every file.",
        "Mappen med dette notat rummer scenariet og et pas; \"udfald verify\" regner alt ud igen og sammenligner hver fil.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_missing_or_left_in_the_other_language() {
        // What is the same in both languages: amounts with their unit, spans of years.
        let same = ["units", "between"];
        for (name, english, danish) in ALL {
            assert!(!english.is_empty() && !danish.is_empty(), "{name}");
            assert_eq!(english == danish, same.contains(name), "{name}: {english}");
        }
    }

    #[test]
    fn no_text_promises_what_is_not_computed() {
        for (name, english, danish) in ALL {
            for word in ["neutral", "kassetræk"] {
                assert!(!english.contains(word) && !danish.contains(word), "{name}");
            }
        }
    }
}
