//! Danish sentences, in words a committee understands.

use jiff::civil::Date;

use super::{PaymentHeaders, Ran, Sourced, Text, Together};

/// Danish.
pub(super) struct Danish;

impl Text for Danish {
    fn group_mark(&self) -> char {
        '.'
    }

    fn decimal_mark(&self) -> char {
        ','
    }

    fn percent(&self, digits: &str) -> String {
        format!("{digits}\u{a0}%")
    }

    fn currency(&self, code: &str, thousands: bool, price_level: Option<i16>) -> String {
        let name = if code == "DKK" { "kr." } else { code };
        let unit = if thousands { format!("1.000 {name}") } else { name.to_owned() };
        price_level.map_or(unit.clone(), |year| format!("{unit} i {year}-priser"))
    }

    fn date(&self, date: Date) -> String {
        format!("{:02}-{:02}-{:04}", date.day(), date.month(), date.year())
    }

    fn as_of(&self, date: Date) -> String {
        format!("pr. {}", self.date(date))
    }

    fn budget_years(&self, years: &str, _several: bool) -> String {
        format!("budgetår {years}")
    }

    fn all_investments(&self) -> &'static str {
        "Alle investeringer under ét"
    }

    fn all_payers(&self) -> &'static str {
        "Alle betalere"
    }

    fn total(&self) -> &'static str {
        "i alt"
    }

    fn payments_title(&self, currency: &str) -> String {
        format!("Mulig udgift for hver betaler, i {currency}")
    }

    fn payment_headers(&self) -> PaymentHeaders {
        PaymentHeaders {
            payer: "Betaler",
            year: "År",
            mean: "Gennemsnit",
            most: "Højst",
            cut: "Over loftet",
            nothing: "Intet",
        }
    }

    fn payments_legend(&self) -> &'static str {
        "P10, P50, P90: i 1, 5, 9 af 10 gennemregninger er betalingen højst så stor. Højst: hvad kontrakten tillader. \
         Over loftet: andel af gennemregningerne, hvor noget ligger over loftet og ikke betales dette år af denne \
         betaler. \
         Intet: andel af gennemregningerne uden betaling."
    }

    fn quantiles_do_not_add(&self) -> &'static str {
        "Årenes P10, P50 og P90 kan ikke lægges sammen, og betalernes heller ikke: \
         totalerne er regnet ud i hver gennemregning."
    }

    fn no_payments(&self) -> &'static str {
        "Ingen betaling kan forfalde efter denne kontrakt."
    }

    fn more_in_files(&self, left_out: &str) -> String {
        format!("{left_out} investeringer vises ikke enkeltvis; med --out står de i exposure.csv.")
    }

    fn investor_title(&self, currency: &str) -> String {
        format!("Det får investoren tilbage, i {currency}")
    }

    fn gets_back(&self, investor: &str, puts_in: &str, mean: &str, share: &str) -> String {
        format!("Udbetaling fra {investor}: {puts_in}. {investor} får i gennemsnit {mean} tilbage: {share}.")
    }

    fn gets_between(&self, low: &str, high: &str) -> String {
        format!("I mindst 8 af 10 gennemregninger får den mellem {low} og {high} tilbage (P10 og P90).")
    }

    fn loses(&self, share: &str) -> String {
        format!("I {share} af gennemregningerne kommer der mindre tilbage, end der er udbetalt.")
    }

    fn annual_return(&self, rate: &str) -> String {
        format!("De gennemsnitlige beløb svarer til et afkast på {rate} om året, regnet i hele budgetår.")
    }

    fn donation(&self, giver: &str, amount: &str) -> String {
        format!("{giver} giver {amount}, som aldrig tilbagebetales og ikke er en resultatbetaling.")
    }

    fn cases_title(&self, currency: &str) -> String {
        format!("Forløb uden tilfældighed: beløb for hver betaler, i {currency}")
    }

    fn case_header(&self) -> &'static str {
        "Forløb"
    }

    fn cases_legend(&self) -> &'static str {
        "Forløbene er dem, scenariet navngiver. Det, et forløb ikke fastsætter, er sat til medianen; \
         antal personer til det forventede."
    }

    fn appropriations_title(&self, currency: &str) -> String {
        format!("Sammenholdt med bevillingen, i {currency}")
    }

    fn appropriations_total(&self) -> &'static str {
        "i alt, hvis uforbrugte midler overføres"
    }

    fn appropriation_enough(&self, payer: &str, year: &str, amount: &str) -> String {
        format!("{payer}, {year}: {amount} rækker i alle gennemregninger.")
    }

    fn appropriation(&self, payer: &str, year: &str, amount: &str, share: &str, short: &str) -> String {
        format!(
            "{payer}, {year}: {amount} rækker ikke i {share} af gennemregningerne; \
             i dem mangler der i gennemsnit {short}."
        )
    }

    fn notes_title(&self) -> &'static str {
        "Læs også"
    }

    fn sources(&self, numbers: Sourced) -> String {
        let Sourced { stated, derived, assumed, unsourced } = numbers;
        let all = numbers.all();
        format!(
            "Af {all} tal er {stated} hentet fra dokumenter, {derived} udledt, {assumed} antaget og \
             {unsourced} uden kilde."
        )
    }

    fn savings(&self) -> &'static str {
        "Betalingerne er brutto: besparelser er ikke beregnet."
    }

    fn falls_due(&self, investment: &str, dates: &[String]) -> String {
        format!("Forfalder ({investment}): {}.", super::listed(dates, "og"))
    }

    fn falls_due_between(&self, investment: &str, count: usize, first: &str, last: &str) -> String {
        format!("Forfalder ({investment}): på {count} datoer fra {first} til {last}.")
    }

    fn simulation_error(&self, mean: &str, p90: &str) -> String {
        format!(
            "Simuleringsfejl (95 %): højst ± {mean} på et gennemsnit i tabellen, højst ± {p90} på en P90."
        )
    }

    fn bucketed(&self, share: &str) -> String {
        format!(
            "Nogle beløb har så mange værdier, at de tælles i trin: \
             deres fraktiler kan være op til {share} for høje."
        )
    }

    fn no_value(&self, outcome: &str, share: &str) -> String {
        format!(
            "Formlen {outcome} har ingen værdi i {share} af forløbene, fordi den ville dividere med nul: \
             der betaler den intet og opfylder ingen prøve."
        )
    }

    fn together(&self, together: &Together<'_>) -> String {
        let Together { name, inputs: [a, b], pairs, asked, used, achieved: [found, low, high] } = together;
        let head = match pairs {
            1 => format!("Samvariation {name}: {a} og {b} går op og ned sammen"),
            _ => format!(
                "Samvariation {name}: {pairs} par går op og ned sammen; længst fra det ønskede er {a} med {b}"
            ),
        };
        let used =
            used.map_or_else(String::new, |used| format!(" (sammen med de andre er kun {used} mulig)"));
        format!(
            "{head}. Ønsket rangkorrelation: {asked}{used}; i denne kørsel {found} (95 %: {low} til {high})."
        )
    }

    fn booked_on(&self, payer: &str, accounts: &str) -> String {
        format!("{payer} bogfører på konto {accounts}.")
    }

    fn accounts_closed(&self, trials: &str) -> String {
        format!("Regnskabet for hver betaler og hvert år gik op i alle {trials} gennemregninger.")
    }

    fn ran(&self, ran: Ran<'_>) -> String {
        let Ran { trials, seed, sampler } = ran;
        let version = env!("CARGO_PKG_VERSION");
        format!("{trials} gennemregninger, startværdi (seed) {seed}, metode: {sampler}, udfald {version}.")
    }

    fn precise(&self, within: &str, trials: &str) -> String {
        format!(
            "Gennemsnit og P90 af hver betalers samlede betaling kendes inden for ± {within}. Det krævede {trials} \
             gennemregninger."
        )
    }

    fn beyond_points(&self, spread: usize, beyond: usize) -> String {
        format!(
            "{spread} træk er spredt med Sobol-punkter; {beyond} flere er trukket uafhængigt, som med metoden plain."
        )
    }

    fn written(&self, path: &str) -> String {
        format!(
            "{path} er skrevet. Ret den i et tekstprogram, og se på den med\n  udfald check {path}\n  udfald run {path} --lang da\n"
        )
    }

    fn begun_from(&self, id: &str) -> String {
        format!("Begyndt fra `{id}` i udfalds galleri. Ret det, der er anderledes, og kilden til det med.")
    }

    fn contracts_to_begin_from(&self) -> &'static str {
        "Kontrakter at begynde fra, med `udfald new --from ID`:"
    }
}
