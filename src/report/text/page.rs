//! The words of the pages, a line for each with its English and its Danish beside each other.

words! {
    /// The words of the pages in one language.
    Words;
    // Money and names.
    million(amount, currency) = "{amount}\u{a0}million\u{a0}{currency}", "{amount}\u{a0}mio.\u{a0}{currency}";
    units(amount, currency) = "{amount}\u{a0}{currency}", "{amount}\u{a0}{currency}";
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
    by_year_in(unit) = "Payments by budget year, {unit}", "Betaling i hvert budgetår, {unit}";
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

    // What to set aside.
    reserves() = "What to set aside", "Så meget kan sættes af";
    reserves_caption(currency) = "Amounts that are enough, in {currency}", "Beløb, der rækker, i {currency}";
    enough_on_average() = "average of the trials", "gennemsnit af gennemregningerne";
    enough_in_eight() = "enough in 8 of 10 trials (P80)", "rækker i 8 af 10 gennemregninger (P80)";
    enough_in_nine() = "enough in 9 of 10 trials (P90)", "rækker i 9 af 10 gennemregninger (P90)";
    add_for_eight() = "to be added, for 8 of 10", "skal lægges til, for at række i 8 af 10";
    add_for_nine() = "to be added, for 9 of 10", "skal lægges til, for at række i 9 af 10";
    reserves_note() =
        "To be added: the supplementary appropriation after which the amount is enough in 8 or in 9 of 10 trials.",
        "Skal lægges til: den tillægsbevilling, hvorefter beløbet rækker i 8 eller 9 af 10 gennemregninger.";
    reserves_period() =
        "The total is for the whole period, if unused money carries over from year to year: one reserve for the period is smaller than a reserve for each year.",
        "Totalen gælder hele perioden, hvis uforbrugte midler overføres fra år til år: én reserve for perioden er mindre end en reserve for hvert år.";

    // Everything, by payer and year.
    contracts() = "Every payer and year", "Hver betaler og hvert år";
    payer_and_year() = "Payer and year", "Betaler og år";
    more_columns() =
        "P95, P99: in 19 of 20 and in 99 of 100 trials the payment is at most this. TVAR95: the average of the dearest 5% of the trials.",
        "P95, P99: i 19 af 20 og i 99 af 100 gennemregninger er betalingen højst så stor. TVAR95: gennemsnittet af de dyreste 5 % af gennemregningerne.";
    intervals_caption(currency) = "95% intervals of the simulation, in {currency}", "Simuleringens 95 %-intervaller, i {currency}";
    interval_note() =
        "An interval says how far a figure would move with other random numbers. It says nothing about whether the assumptions are right.",
        "Et interval siger, hvor meget et tal ville flytte sig med andre tilfældige tal. Det siger intet om, hvorvidt antagelserne er rigtige.";
    low_to_high(low, high) = "{low} to {high}", "{low} til {high}";
    exactly(amount) = "exactly {amount}", "præcis {amount}";

    // Accounts and limits.
    accounts() = "From earned to paid, and what limits cut", "Fra optjent til betalt, og det over loftet";
    earned_title() = "Earned, on average over all years", "Optjent, gennemsnit alle år under ét";
    earned_heading() = "What is earned", "Det, der optjenes";
    earned_in(unit) = "Average over all years, {unit}", "Gennemsnit, alle år under ét, {unit}";
    paid_and_cut(paid, cut) = "{paid} paid, {cut} over a limit", "{paid} betalt, {cut} over loftet";
    accounts_caption(currency) = "Averages of the trials, in {currency}", "Gennemsnit af gennemregningerne, i {currency}";
    accounts_note() =
        "The columns add up to what is paid, apart from rounding: each account closes to the smallest coin in every trial.",
        "Kolonnerne giver tilsammen det betalte, bortset fra afrunding: hvert regnskab går op på øren i hver gennemregning.";
    flow_earned() = "earned", "optjent";
    flow_moved_in() = "moved in", "flyttet hertil";
    flow_topped_up() = "topped up", "fyldt op";
    flow_cut() = "over a limit", "over loftet";
    flow_moved_out() = "moved on", "flyttet herfra";
    flow_paid() = "paid", "betalt";
    limits_caption(currency) = "What each limit does, averages in {currency}", "Det gør hvert loft, gennemsnit i {currency}";
    limits_note() =
        "Takes something: the share of trials in which the limit takes anything. Full: the share in which nothing more would fit. Moved on: to a later date or another payer.",
        "Tager noget: andelen af gennemregninger, hvor loftet tager noget. Fuldt: andelen, hvor der ikke er plads til mere. Flyttet: til en senere dato eller en anden betaler.";
    limit() = "Limit", "Loft";
    limit_cuts() = "takes something", "tager noget";
    limit_full() = "full", "fuldt";
    limit_takes() = "not paid by anyone", "betales af ingen";
    limit_moves() = "moved on", "flyttet";
    limit_of(limit, party) = "{limit}, on {party}", "{limit}, for {party}";
    return_cap(party) = "return cap of {party}", "afkastloft for {party}";

    // The investor.
    investors() = "The investor's money, out and back", "Investorens penge, ud og tilbage";
    investor_title(name) = "{name}: out and back", "{name}: ud og tilbage";
    out_and_back_in(unit) = "Out and back on average, {unit}", "Ud og tilbage i gennemsnit, {unit}";
    investor_and_year() = "Investor and year", "Investor og år";
    investor_caption(currency) = "Out and back on average, in {currency}", "Ud og tilbage i gennemsnit, i {currency}";
    puts_in() = "paid out", "udbetaling";
    gets_back() = "comes back", "får tilbage";
    only_out(out) = "{out} out", "{out} ud";
    only_back(back) = "{back} back", "{back} tilbage";
    out_and_back(out, back) = "{out} out, {back} back", "{out} ud, {back} tilbage";
    break_even() = "what was paid out", "det udbetalte";
    investor_note() =
        "Out in the year in which the money is put in, back in the budget year of the payers.",
        "Ud i det år, hvor pengene udbetales, tilbage i betalernes budgetår.";

    // Dates.
    dates() = "When payments fall due, and what stands open at the end of a year", "Forfald, og hvad der er åbent ved årets udgang";
    dates_caption() = "Payments of each contract", "Hver kontrakts betalinger";
    term() = "Term", "Betaling";
    paid_by() = "paid by", "betales af";
    falls_due() = "paid on", "betales den";
    account() = "account", "konto";
    day() = "Day", "Dag";
    payer_and_day() = "Payer and day", "Betaler og dag";
    open_caption(currency) = "Still to be paid at 31 December, on average, in {currency}", "Udestår pr. 31. december, i gennemsnit, i {currency}";
    open_all() = "falls due later", "forfalder senere";
    open_measured() = "earned, not yet due", "optjent, ikke forfaldent";
    open_rest() = "may still be earned", "kan endnu optjenes";
    open_note() =
        "Earned, not yet due: all that is paid for in that year is measured by 31 December. Where only a part is measured by then, the whole year counts as may still be earned.",
        "Optjent, ikke forfaldent: alt, hvad der betales for i det år, er målt senest 31. december. Er kun en del målt, regnes hele året som noget, der endnu kan optjenes.";

    // The register.
    register() = "Every number and its source", "Hvert tal og dets kilde";
    register_caption(name) = "Numbers of {name}", "Tal i {name}";
    number() = "Number", "Tal";
    value() = "as written", "som skrevet";
    source() = "source or reason", "kilde eller begrundelse";
    stated() = "stated", "dokumenteret";
    derived() = "derived", "udledt";
    assumed() = "assumed", "antaget";
    unsourced() = "without source", "uden kilde";
    documents() = "Documents", "Dokumenter";
    shared_numbers() = "the portfolio", "porteføljen";
    register_order() =
        "What is assumed comes first: it is what a reader should doubt.",
        "Det antagne står først: det er det, en læser bør betvivle.";

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

    cases_by_year(currency) = "What is paid in each course, in {currency}", "Betaling i hvert forløb, i {currency}";
    case_and_payer() = "Course and payer", "Forløb og betaler";

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
    scenario_digest(digest) = "Scenario: SHA-256 {digest}.", "Scenarie: SHA-256 {digest}.";
    bytes_note() =
        "The same scenario, seed and number of trials give the same figures to the last digit, on any machine.",
        "Samme scenarie, startværdi og antal gennemregninger giver de samme tal til sidste ciffer på enhver maskine.";
    again() =
        "The folder with this page holds the scenario and a passport; \"udfald verify\" computes everything again and compares every file.",
        "Mappen med dette notat rummer scenariet og et pas; \"udfald verify\" regner alt ud igen og sammenligner hver fil.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::words;

    #[test]
    fn no_text_is_missing_or_left_in_the_other_language() {
        // What is the same in both languages: amounts with their unit, spans of years.
        words::told_in_both(ALL, &["units", "between"]);
    }

    #[test]
    fn no_text_promises_what_is_not_computed() {
        words::promise_nothing(ALL);
    }
}
