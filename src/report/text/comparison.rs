//! The sentences of a comparison; amounts and shares come as finished text.

use super::Language;

/// What stays the same in every comparison.
pub(crate) struct ComparisonText {
    pub(crate) title: &'static str,
    pub(crate) payer: &'static str,
    pub(crate) year: &'static str,
    pub(crate) mean: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) more: &'static str,
    pub(crate) legend: &'static str,
}

const ENGLISH: ComparisonText = ComparisonText {
    title: "Compared on the same random numbers, in",
    payer: "Payer",
    year: "Year",
    mean: "Mean",
    cut: "Cut",
    changes: "What differs in the terms",
    more: "and more",
    legend: "Mean: the average of all trials. B - A: how much more the payer pays on average, trial by trial, and ± its 95% \
             simulation error. P50, P90: how much more it pays at most in 1 of 2 and in 9 of 10 trials; these do not add up \
             over years or payers. Cut: share of trials in which a limit takes something.",
};

const DANISH: ComparisonText = ComparisonText {
    title: "Sammenlignet på de samme tilfældige tal, i",
    payer: "Betaler",
    year: "År",
    mean: "Gns.",
    cut: "Loft",
    changes: "Det er vilkårene forskellige i",
    more: "og flere",
    legend: "Gns.: gennemsnit af gennemregningerne. B - A: så meget mere betaler betaleren i gennemsnit, gennemregning for \
             gennemregning, og ± simuleringsfejlen (95 %). P50, P90: så meget mere betaler den højst i 1 af 2 og i 9 af 10 \
             gennemregninger; de kan ikke lægges sammen over år eller betalere. Loft: andel af gennemregningerne, hvor et \
             loft tager noget.",
};

/// The change of a figure for a sentence.
pub(crate) struct Change<'c> {
    pub(crate) payer: &'c str,
    /// The letters of the first scenario and the other.
    pub(crate) letters: [char; 2],
    /// Without its sign.
    pub(crate) amount: &'c str,
    pub(crate) low: &'c str,
    pub(crate) high: &'c str,
    pub(crate) more: bool,
    /// Whether the interval leaves out zero.
    pub(crate) told: bool,
}

impl Language {
    /// The sentences of a comparison.
    pub(crate) const fn comparison(self) -> &'static ComparisonText {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// Nothing differs for a payer.
    pub(crate) fn pays_the_same(self, payer: &str, letters: [char; 2]) -> String {
        let [a, b] = letters;
        match self {
            Self::En => format!("{payer}: the same under {b} as under {a} in every trial."),
            Self::Da => format!("{payer}: det samme i {b} som i {a} i alle gennemregninger."),
        }
    }

    /// What a payer pays more or less on average.
    pub(crate) fn pays_more(self, change: &Change<'_>) -> String {
        let Change { payer, letters: [a, b], amount, low, high, more, told } = change;
        match (self, told, more) {
            (Self::En, true, true) => {
                format!("{payer}: {amount} more on average under {b} than under {a} (95%: {low} to {high}).")
            }
            (Self::En, true, false) => {
                format!("{payer}: {amount} less on average under {b} than under {a} (95%: {low} to {high}).")
            }
            (Self::En, false, _) => format!(
                "{payer}: so few trials cannot tell whether the mean is higher under {b} than under {a} (95%: {low} to {high})."
            ),
            (Self::Da, true, true) => {
                format!("{payer}: i gennemsnit {amount} mere i {b} end i {a} (95 %: {low} til {high}).")
            }
            (Self::Da, true, false) => {
                format!("{payer}: i gennemsnit {amount} mindre i {b} end i {a} (95 %: {low} til {high}).")
            }
            (Self::Da, false, _) => format!(
                "{payer}: så få gennemregninger kan ikke vise, om gennemsnittet er højere i {b} end i {a} (95 %: {low} til {high})."
            ),
        }
    }

    /// How P90 and the chance of a cut change. `p90` is without its sign, and nothing where P90 stays.
    pub(crate) fn changes_p90(self, p90: Option<(&str, bool)>, cut: [&str; 2]) -> String {
        let [from, to] = cut;
        let quantile = match (self, p90) {
            (Self::En, None) => "P90 stays the same".to_owned(),
            (Self::En, Some((amount, true))) => format!("P90 is {amount} higher"),
            (Self::En, Some((amount, false))) => format!("P90 is {amount} lower"),
            (Self::Da, None) => "P90 er den samme".to_owned(),
            (Self::Da, Some((amount, true))) => format!("P90 er {amount} højere"),
            (Self::Da, Some((amount, false))) => format!("P90 er {amount} lavere"),
        };
        match self {
            Self::En if from == to => {
                format!("{quantile}, and a limit takes something in {to} of the trials as before.")
            }
            Self::En => {
                format!("{quantile}, and a limit takes something in {to} of the trials instead of {from}.")
            }
            Self::Da if from == to => {
                format!("{quantile}, og et loft tager noget i {to} af gennemregningerne som før.")
            }
            Self::Da => {
                format!("{quantile}, og et loft tager noget i {to} af gennemregningerne i stedet for {from}.")
            }
        }
    }

    /// Random numbers that only one of two scenarios draws.
    pub(crate) fn drawn_by_one(self, letter: char, names: &str) -> String {
        match self {
            Self::En => format!("Drawn in {letter} only, so that nothing pairs it: {names}."),
            Self::Da => format!("Trækkes kun i {letter}, så intet svarer til det: {names}."),
        }
    }
}
