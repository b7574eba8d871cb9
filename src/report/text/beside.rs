//! The sentences of the exact answer beside the simulation.

use super::Language;

/// The sentences of one language; amounts, shares and scores come as finished text.
pub(crate) struct BesideText {
    pub(crate) title: &'static str,
    pub(crate) payer: &'static str,
    pub(crate) year: &'static str,
    pub(crate) limit: &'static str,
    pub(crate) mean: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) takes: &'static str,
    pub(crate) simulated: &'static str,
    pub(crate) investor: &'static str,
    pub(crate) legend: &'static str,
}

const ENGLISH: BesideText = BesideText {
    title: "Exact answer and simulation, in",
    payer: "Payer",
    year: "Year",
    limit: "Limit",
    mean: "Mean, exact",
    cut: "Cut, exact",
    takes: "Takes something, exact",
    simulated: "simulated",
    investor: "Received by",
    legend: "z: standard errors by which the simulation lies above the exact answer; empty where nothing is left to \
             chance, or where so few trials tell nothing of a mean. Cut: chance that a limit takes something.",
};

const DANISH: BesideText = BesideText {
    title: "Eksakt svar og simulering, i",
    payer: "Betaler",
    year: "År",
    limit: "Loft",
    mean: "Gennemsnit, eksakt",
    cut: "Skåret, eksakt",
    takes: "Tager noget, eksakt",
    simulated: "simuleret",
    investor: "Modtaget af",
    legend: "z: hvor mange standardfejl simuleringen ligger over det eksakte svar; tom, hvor intet afhænger af \
             tilfældet, eller hvor så få forløb intet siger om et gennemsnit. Skåret: chancen for, at et loft tager noget.",
};

impl Language {
    /// The sentences of the exact answer.
    pub(crate) const fn beside(self) -> &'static BesideText {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// The verdict: the largest score of so many, and how large one may be.
    pub(crate) fn agrees(self, largest: &str, count: usize, bound: &str) -> String {
        match self {
            Self::En => format!("agree: largest z {largest} of {count} figures (differ from {bound} on)"),
            Self::Da => format!("stemmer: største z {largest} af {count} tal (afviger fra {bound})"),
        }
    }

    /// The verdict when a score is too large.
    pub(crate) fn differs(self, figure: &str, z: &str, count: usize, bound: &str) -> String {
        match self {
            Self::En => format!("differ: z {z} of {figure}, of {count} figures (differ from {bound} on)"),
            Self::Da => format!("afviger: z {z} for {figure}, af {count} tal (afviger fra {bound})"),
        }
    }

    /// The verdict when an amount occurred that cannot be.
    pub(crate) fn impossible(self, figure: &str, amount: &str, trials: &str) -> String {
        match self {
            Self::En => format!("differ: {figure} is {amount} in {trials} trials, which cannot be"),
            Self::Da => {
                format!("afviger: {figure} er {amount} i {trials} forløb, hvilket ikke kan forekomme")
            }
        }
    }
}
