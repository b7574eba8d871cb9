//! The sentences of a sweep.

use super::Language;

/// What stays the same in every sweep.
pub(crate) struct SweepText {
    pub(crate) title: &'static str,
    pub(crate) party: &'static str,
    pub(crate) mean: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) per_krone: &'static str,
    pub(crate) unchanged: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) legend: &'static str,
}

const ENGLISH: SweepText = SweepText {
    title: "Totals over all years on the same random numbers, in",
    party: "Payer, investor",
    mean: "Mean",
    cut: "Cut",
    per_krone: "Per krone",
    unchanged: "The same under all values:",
    nothing: "No total changes under these values.",
    legend: "± is the 95% simulation error of the mean. P90: in 9 of 10 trials at most this. Cut: share of trials in which \
             a limit takes something from the payer.",
};

const DANISH: SweepText = SweepText {
    title: "I alt over alle år på de samme tilfældige tal, i",
    party: "Betaler, investor",
    mean: "Gns.",
    cut: "Loft",
    per_krone: "Pr. krone",
    unchanged: "Det samme ved alle værdier:",
    nothing: "Intet beløb ændres ved disse værdier.",
    legend: "± er simuleringsfejlen på gennemsnittet (95 %). P90: i 9 af 10 gennemregninger højst så meget. Loft: andel af \
             gennemregningerne, hvor et loft tager noget fra betaleren.",
};

impl Language {
    /// The sentences of a sweep.
    pub(crate) const fn sweep(self) -> &'static SweepText {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// What an investor gets, in place of a payer.
    pub(crate) fn gets(self, investor: &str) -> String {
        match self {
            Self::En => format!("{investor} gets"),
            Self::Da => format!("{investor} får"),
        }
    }

    /// What the price of a cap is.
    pub(crate) fn price_of_cap(self, path: &str) -> String {
        match self {
            Self::En => format!(
                "Per krone: the price of the cap, what is paid or received more on average for each krone by which {path} is higher."
            ),
            Self::Da => format!(
                "Pr. krone: loftets pris, så meget mere betales eller modtages i gennemsnit for hver krone, {path} er højere."
            ),
        }
    }

    /// That the price is a chance, exactly.
    pub(crate) fn price_is_a_chance(self, payer: &str) -> String {
        match self {
            Self::En => format!(
                "For {payer}, whom this cap alone holds, that is exactly the share of trials in which more is earned than the cap."
            ),
            Self::Da => format!(
                "For {payer}, som kun dette loft gælder for, er det netop andelen af gennemregninger, hvor der optjenes mere end loftet."
            ),
        }
    }
}
