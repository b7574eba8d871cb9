//! English sentences.

use jiff::civil::Date;

use super::{PaymentHeaders, Ran, Sourced, Text, Together};

/// English.
pub(super) struct English;

impl Text for English {
    fn group_mark(&self) -> char {
        ','
    }

    fn decimal_mark(&self) -> char {
        '.'
    }

    fn percent(&self, digits: &str) -> String {
        format!("{digits}%")
    }

    fn currency(&self, code: &str, thousands: bool, price_level: Option<i16>) -> String {
        let unit = if thousands { format!("1,000 {code}") } else { code.to_owned() };
        price_level.map_or(unit.clone(), |year| format!("{unit} at {year} prices"))
    }

    fn date(&self, date: Date) -> String {
        date.to_string()
    }

    fn as_of(&self, date: Date) -> String {
        format!("as of {date}")
    }

    fn budget_years(&self, years: &str, several: bool) -> String {
        format!("budget year{} {years}", if several { "s" } else { "" })
    }

    fn all_investments(&self) -> &'static str {
        "All investments together"
    }

    fn all_payers(&self) -> &'static str {
        "All payers"
    }

    fn total(&self) -> &'static str {
        "total"
    }

    fn payments_title(&self, currency: &str) -> String {
        format!("What each payer may have to pay, in {currency}")
    }

    fn payment_headers(&self) -> PaymentHeaders {
        PaymentHeaders {
            payer: "Payer",
            year: "Year",
            mean: "Mean",
            most: "At most",
            cut: "Cut",
            nothing: "Nothing",
        }
    }

    fn payments_legend(&self) -> &'static str {
        "P10, P50, P90: in 1, 5, 9 of 10 trials the payment is at most this. At most: what the contract allows. \
         Cut: share of trials in which a limit takes something: it is lost, or moved to a later year or another payer. \
         Nothing: share of trials without a payment."
    }

    fn quantiles_do_not_add(&self) -> &'static str {
        "P10, P50 and P90 of single years do not add up to those of the total, nor those of payers: \
         totals are counted in the trials."
    }

    fn no_payments(&self) -> &'static str {
        "No payment can fall due under this contract."
    }

    fn more_in_files(&self, left_out: &str) -> String {
        format!("{left_out} investments are not shown one by one; with --out they are in exposure.csv.")
    }

    fn investor_title(&self, currency: &str) -> String {
        format!("What the investor gets back, in {currency}")
    }

    fn gets_back(&self, investor: &str, puts_in: &str, mean: &str, share: &str) -> String {
        format!("{investor} puts in {puts_in} and gets back {mean} on average: {share} of it.")
    }

    fn gets_between(&self, low: &str, high: &str) -> String {
        format!("In at least 8 of 10 trials it gets back between {low} and {high} (P10 and P90).")
    }

    fn loses(&self, share: &str) -> String {
        format!("In {share} of the trials it gets back less than it put in.")
    }

    fn annual_return(&self, rate: &str) -> String {
        format!("The mean flows give {rate} a year, counted in whole budget years.")
    }

    fn donation(&self, giver: &str, amount: &str) -> String {
        format!("{giver} gives {amount}, which is never repaid and is not a payment.")
    }

    fn cases_title(&self, currency: &str) -> String {
        format!("Named courses without chance: what each payer pays, in {currency}")
    }

    fn case_header(&self) -> &'static str {
        "Course"
    }

    fn cases_legend(&self) -> &'static str {
        "The courses are those that the scenario names. What a course does not set is taken at its median; \
         counts of people at their expectation."
    }

    fn appropriations_title(&self, currency: &str) -> String {
        format!("Held against what is appropriated, in {currency}")
    }

    fn appropriations_total(&self) -> &'static str {
        "total, if unused money carries over"
    }

    fn appropriation_enough(&self, payer: &str, year: &str, amount: &str) -> String {
        format!("{payer}, {year}: {amount} is enough in all trials.")
    }

    fn appropriation(&self, payer: &str, year: &str, amount: &str, share: &str, short: &str) -> String {
        format!(
            "{payer}, {year}: {amount} is not enough in {share} of the trials; \
             in those {short} is missing on average."
        )
    }

    fn notes_title(&self) -> &'static str {
        "Read with this"
    }

    fn sources(&self, numbers: Sourced) -> String {
        let Sourced { stated, derived, assumed, unsourced } = numbers;
        let all = numbers.all();
        format!(
            "Of {all} numbers {stated} are stated in documents, {derived} derived, {assumed} assumed, \
             {unsourced} without any source."
        )
    }

    fn savings(&self) -> &'static str {
        "Payments are gross: savings are not computed."
    }

    fn falls_due(&self, investment: &str, dates: &[String]) -> String {
        format!("Falls due ({investment}): {}.", super::listed(dates, "and"))
    }

    fn falls_due_between(&self, investment: &str, count: usize, first: &str, last: &str) -> String {
        format!("Falls due ({investment}): on {count} dates from {first} to {last}.")
    }

    fn simulation_error(&self, mean: &str, p90: &str) -> String {
        format!(
            "Simulation error (95%): a mean in the table is known to within {mean}, a P90 to within {p90}."
        )
    }

    fn bucketed(&self, share: &str) -> String {
        format!(
            "Some amounts take so many values that they are counted in steps: \
             their quantiles may be up to {share} too high."
        )
    }

    fn no_value(&self, outcome: &str, share: &str) -> String {
        format!(
            "The formula {outcome} has no value in {share} of the trials, since it would divide by zero: \
             there it pays nothing and fails tests."
        )
    }

    fn together(&self, together: &Together<'_>) -> String {
        let Together { name, inputs: [a, b], pairs, asked, used, achieved: [found, low, high] } = together;
        let head = match pairs {
            1 => format!("Correlation {name}: {a} and {b} go up and down together"),
            _ => format!(
                "Correlation {name}: {pairs} pairs go up and down together; furthest off is {a} with {b}"
            ),
        };
        let used = used
            .map_or_else(String::new, |used| format!(" (together with the others only {used} is possible)"));
        format!(
            "{head}. Rank correlation asked for: {asked}{used}; in this run {found} (95%: {low} to {high})."
        )
    }

    fn booked_on(&self, payer: &str, accounts: &str) -> String {
        format!("{payer} books on account {accounts}.")
    }

    fn accounts_closed(&self, trials: &str) -> String {
        format!("The accounts of every payer and year closed exactly in all {trials} trials.")
    }

    fn ran(&self, ran: Ran<'_>) -> String {
        let Ran { trials, seed, sampler } = ran;
        format!("{trials} trials, seed {seed}, sampler {sampler}, udfald {}.", env!("CARGO_PKG_VERSION"))
    }

    fn precise(&self, within: &str, trials: &str) -> String {
        format!(
            "The mean and the P90 of every payer's total are known to within {within}. That took {trials} trials."
        )
    }

    fn beyond_points(&self, spread: usize, beyond: usize) -> String {
        format!(
            "{spread} draws are spread by Sobol points; {beyond} more are drawn independently, as with plain."
        )
    }

    fn written(&self, path: &str) -> String {
        format!(
            "{path} is written. Change it in a text editor, and look at it with\n  udfald check {path}\n  udfald run {path}\n"
        )
    }

    fn begun_from(&self, id: &str) -> String {
        format!("Begun from `{id}` in the gallery of udfald. Change what differs, and its source with it.")
    }

    fn contracts_to_begin_from(&self) -> &'static str {
        "Contracts to begin from, with `udfald new --from ID`:"
    }
}
