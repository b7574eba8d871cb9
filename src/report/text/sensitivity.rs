//! The sentences of a sensitivity study; amounts and shares come as finished text.

use super::Language;

/// What stays the same in every study.
pub(crate) struct SensitivityText {
    pub(crate) split_title: &'static str,
    pub(crate) payer: &'static str,
    pub(crate) year: &'static str,
    pub(crate) chance: &'static str,
    pub(crate) shock: &'static str,
    pub(crate) ignorance: &'static str,
    pub(crate) split_legend: &'static str,
    pub(crate) tornado_title: &'static str,
    pub(crate) number: &'static str,
    pub(crate) low: &'static str,
    pub(crate) high: &'static str,
    pub(crate) ends: &'static str,
    pub(crate) mean: &'static str,
    pub(crate) swing: &'static str,
    pub(crate) earned: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) tornado_legend: &'static str,
    pub(crate) indices_title: &'static str,
    pub(crate) source: &'static str,
    pub(crate) alone: &'static str,
    pub(crate) in_all: &'static str,
    pub(crate) rank: &'static str,
    pub(crate) indices_legend: &'static str,
    pub(crate) all_chance: &'static str,
    pub(crate) top_title: &'static str,
    pub(crate) noise_title: &'static str,
    pub(crate) turning_title: &'static str,
    pub(crate) factor: &'static str,
    /// Before the name of a group of inputs that hang together.
    pub(crate) correlation: &'static str,
    pub(crate) event: &'static str,
    pub(crate) together: &'static str,
    pub(crate) no: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) more: &'static str,
}

const ENGLISH: SensitivityText = SensitivityText {
    split_title: "Why a payment is uncertain: shares of its variance",
    payer: "Payer",
    year: "Year",
    chance: "Chance",
    shock: "Shock",
    ignorance: "Not known",
    split_legend: "Chance: who succeeds, and noise of measurement; it stays even if everything else were known. Shock: what \
                   happens to everyone at once. Not known: rates and effects that the contract's parties do not know. ± is the \
                   95% simulation error of a share, not a fourth part of the uncertainty.",
    tornado_title: "Each number at its P10 and at its P90, all else drawn as before, in",
    number: "Number",
    low: "P10",
    high: "P90",
    ends: "P10 → P90",
    mean: "Mean",
    swing: "More",
    earned: "Earned",
    cut: "Cut",
    tornado_legend: "P10 → P90: the number at its ends. Mean, Cut: the mean payment, and the share of trials in which a limit takes \
                     something, at those ends. More: what is paid more on average at P90 than at P10, ± its 95% simulation \
                     error. P50, P90: how much higher those of the payment are. Earned: how much more is earned before limits.",
    indices_title: "Sobol indices: which share of the variance comes from what",
    source: "Source",
    alone: "Alone",
    in_all: "In all",
    rank: "Rank",
    indices_legend: "Alone (first order): the share of the variance that would go if this were known. In all (total order): the \
                     share that would stay if everything else were known; more than alone where it works together with others. \
                     Rank: rank correlation of the number with the payment. Sources are independent of each other: an input \
                     that loads on a factor has its own part here, and the factor its part; together they stand as a group.",
    all_chance: "chance",
    top_title: "What moves the mean most, in",
    noise_title: "Paying for noise of measurement, before limits",
    turning_title: "What would have to be true for a limit to cut in half of the trials",
    factor: "factor",
    correlation: "correlation",
    event: "event",
    together: "with what loads on it",
    no: "no",
    yes: "yes",
    nothing: "No payment of this scenario varies.",
    more: "--party ID shows the tables behind this for one payer; with --out they are in sensitivity.csv for every payer and year.",
};

const DANISH: SensitivityText = SensitivityText {
    split_title: "Derfor er en betaling usikker: andele af dens varians",
    payer: "Betaler",
    year: "År",
    chance: "Tilfældet",
    shock: "Stød",
    ignorance: "Vi ved ikke",
    split_legend: "Tilfældet: hvem det lykkes for, og støj i målingen; den bliver, selv om alt andet var kendt. Stød: det, der \
                   rammer alle på én gang. Vi ved ikke: andele og effekter, som parterne ikke kender. ± er simuleringsfejlen \
                   på en andel (95 %), ikke en fjerde del af usikkerheden.",
    tornado_title: "Hvert tal på sin P10 og på sin P90, alt andet trukket som før, i",
    number: "Tal",
    low: "P10",
    high: "P90",
    ends: "P10 → P90",
    mean: "Gns.",
    swing: "Mere",
    earned: "Optjent",
    cut: "Loft",
    tornado_legend: "P10 → P90: tallet i sine ender. Gns., Loft: den gennemsnitlige betaling, og andelen af gennemregningerne, \
                     hvor et loft tager noget, i de ender. Mere: så meget mere betales i gennemsnit ved P90 end ved P10, ± \
                     simuleringsfejlen (95 %). P50, P90: så meget højere er betalingens. Optjent: så meget mere optjenes før \
                     lofterne.",
    indices_title: "Sobol-indeks: hvilken andel af variansen der kommer fra hvad",
    source: "Kilde",
    alone: "Alene",
    in_all: "I alt",
    rank: "Rang",
    indices_legend: "Alene (første orden): den andel af variansen, der ville forsvinde, hvis dette var kendt. I alt (total \
                     orden): den andel, der ville være tilbage, hvis alt andet var kendt; mere end alene, hvor det virker \
                     sammen med andet. Rang: rangkorrelation mellem tallet og betalingen. Kilderne er uafhængige af hinanden: \
                     et tal, der følger en fælles faktor, har sin egen del her, og faktoren sin; sammen står de som gruppe.",
    all_chance: "tilfældet",
    noise_title: "Betaling for støj i målingen, før lofter",
    top_title: "Det flytter gennemsnittet mest, i",
    turning_title: "Så meget skal der til, for at et loft tager noget i halvdelen af gennemregningerne",
    factor: "faktor",
    correlation: "samvariation",
    event: "hændelse",
    together: "med det, der følger den",
    no: "nej",
    yes: "ja",
    nothing: "Ingen betaling i dette scenarie varierer.",
    more: "--party ID viser tabellerne bag dette for én betaler; med --out står de i sensitivity.csv for alle betalere og år.",
};

/// One of the numbers that matter most, for a sentence.
pub(crate) struct Matter<'m> {
    pub(crate) payer: &'m str,
    pub(crate) number: &'m str,
    /// The number at its ends; nothing for a factor, which has no unit.
    pub(crate) ends: Option<[&'m str; 2]>,
    pub(crate) event: bool,
    pub(crate) means: [&'m str; 2],
    pub(crate) swing: &'m str,
    pub(crate) error: &'m str,
    pub(crate) cuts: [&'m str; 2],
    /// Its total share of the variance with its error; nothing where it has no driver of its own name.
    pub(crate) total: Option<[&'m str; 2]>,
    /// P90 of the payment, where it is the same at both ends.
    pub(crate) fixed: Option<&'m str>,
}

impl Language {
    /// The sentences of a sensitivity study.
    pub(crate) const fn sensitivity(self) -> &'static SensitivityText {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// Chance, shock and ignorance of a total in one sentence.
    pub(crate) fn split_in_words(self, payer: &str, [chance, shock, ignorance]: [&str; 3]) -> String {
        match self {
            Self::En => format!(
                "{payer}, total: {chance} of the variance is chance (who succeeds), {shock} what happens to everyone at once, {ignorance} what is not known."
            ),
            Self::Da => format!(
                "{payer}, i alt: {chance} af variansen er tilfældet (hvem det lykkes for), {shock} det, der rammer alle på én gang, {ignorance} det vi ikke ved."
            ),
        }
    }

    /// What a term pays where there is no effect, and does not pay where there is one.
    pub(crate) fn pays_for_noise(
        self,
        term: &str,
        [no_effect, anyway, missed]: &[String; 3],
        [paid, unpaid]: &[String; 2],
    ) -> String {
        match self {
            Self::En => format!(
                "{term}: there is no true effect in {no_effect} of the trials. In {anyway} of all trials there is none and the measurement earns something all the same, {paid} on average over all trials. In {missed} there is an effect that should earn something and the measurement earns nothing: {unpaid} less."
            ),
            Self::Da => format!(
                "{term}: der er ingen virkelig effekt i {no_effect} af forløbene. I {anyway} af alle forløb er der ingen, og målingen udløser alligevel noget, i gennemsnit {paid} over alle forløb. I {missed} er der en effekt, der burde udløse noget, og målingen udløser intet: {unpaid} mindre."
            ),
        }
    }

    /// A sentence for one of the numbers that matter most.
    pub(crate) fn matters(self, matter: &Matter<'_>) -> String {
        let Matter { payer, number, means: [low, high], swing, error, cuts: [from, to], .. } = matter;
        let opening = match (self, matter.ends, matter.event) {
            (Self::En, _, true) => format!("{number}: if it happens instead of not,"),
            (Self::En, Some([a, b]), _) => format!("{number}: at {b} instead of {a} (its P90 and P10),"),
            (Self::En, None, _) => format!("{number}: high instead of low (its P90 and P10),"),
            (Self::Da, _, true) => format!("{number}: hvis den sker i stedet for ikke,"),
            (Self::Da, Some([a, b]), _) => format!("{number}: ved {b} i stedet for {a} (dets P90 og P10)"),
            (Self::Da, None, _) => format!("{number}: høj i stedet for lav (dens P90 og P10)"),
        };
        let body = match self {
            Self::En => format!(
                " {payer} pays {high} instead of {low} on average ({swing} ± {error}); a limit cuts in {to} instead of {from} of the trials."
            ),
            Self::Da => format!(
                " betaler {payer} i gennemsnit {high} i stedet for {low} ({swing} ± {error}); et loft tager noget i {to} i stedet for {from} af gennemregningerne."
            ),
        };
        let index = match (self, matter.total) {
            (Self::En, Some([share, error])) => format!(" Its own part of the variance: {share} ± {error}."),
            (Self::Da, Some([share, error])) => format!(" Egen del af variansen: {share} ± {error}."),
            (_, None) => String::new(),
        };
        let fixed = match (self, matter.fixed) {
            (Self::En, Some(amount)) => format!(" P90 stays at {amount}: a limit fixes it."),
            (Self::Da, Some(amount)) => format!(" P90 bliver på {amount}: et loft holder den fast."),
            (_, None) => String::new(),
        };
        format!("{opening}{body}{index}{fixed}")
    }

    /// What would have to be true of one number.
    pub(crate) fn turns(self, number: &str, value: &str, [level, rising]: [&str; 2]) -> String {
        match self {
            Self::En => format!(
                "- {number} {rising} {value} (in {level} of the trials it is lower), all else as before."
            ),
            Self::Da => {
                format!(
                    "- {number} {rising} {value} (i {level} af gennemregningerne er det lavere), alt andet som før."
                )
            }
        }
    }

    /// From a value on, or up to it.
    pub(crate) const fn at_least_or_most(self, rising: bool) -> &'static str {
        match (self, rising) {
            (Self::En, true) => "at least",
            (Self::En, false) => "at most",
            (Self::Da, true) => "mindst",
            (Self::Da, false) => "højst",
        }
    }

    /// Sources that move nothing to speak of.
    pub(crate) fn others_below(self, count: usize, share: &str) -> String {
        match self {
            Self::En => format!("{count} other sources have less than {share} each."),
            Self::Da => format!("{count} andre kilder har under {share} hver."),
        }
    }
}
