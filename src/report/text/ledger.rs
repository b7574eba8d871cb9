//! The words of a ledger, in each language.

use super::{Language, listed};

/// Headers and words of a ledger. Amounts, numbers and names come as finished text.
pub(crate) struct Words {
    pub(crate) drawn: &'static str,
    pub(crate) factors: &'static str,
    pub(crate) events: &'static str,
    pub(crate) people: &'static str,
    /// The chance of each person, or the true level.
    pub(crate) rate: &'static str,
    pub(crate) together: &'static str,
    pub(crate) enrolled: &'static str,
    pub(crate) nobody: &'static str,
    pub(crate) date: &'static str,
    pub(crate) step: &'static str,
    pub(crate) payer: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) account: &'static str,
    pub(crate) earned: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) moved_out: &'static str,
    pub(crate) moved_in: &'static str,
    pub(crate) topped_up: &'static str,
    pub(crate) paid: &'static str,
    pub(crate) puts_in: &'static str,
    pub(crate) not_itemised: &'static str,
    pub(crate) again: &'static str,
    pub(crate) last_day: &'static str,
    pub(crate) nothing: &'static str,
    /// Of a term that pays nothing because of its condition.
    pub(crate) unmet: &'static str,
    /// Of a term that pays what a number to date has grown by.
    pub(crate) increase: &'static str,
}

const ENGLISH: Words = Words {
    drawn: "Drawn",
    factors: "Common factors (in standard deviations)",
    events: "Events",
    people: "People and results",
    rate: "Rate, level",
    together: "Together",
    enrolled: "enrolled",
    nobody: "nobody",
    date: "Date",
    step: "From earned to paid",
    payer: "Payer",
    amount: "Amount",
    account: "All investments and dates",
    earned: "earned before limits",
    cut: "lost at limits",
    moved_out: "moved to later dates or other payers",
    moved_in: "moved from earlier dates or other payers",
    topped_up: "topped up by floors",
    paid: "paid",
    puts_in: "put in",
    not_itemised: "not itemised",
    again: "presented again",
    last_day: "cut on the last day",
    nothing: "Nothing is earned and nothing is paid.",
    unmet: "condition not met",
    increase: "less what was paid before",
};

const DANISH: Words = Words {
    drawn: "Udtrukket",
    factors: "Fælles faktorer (i standardafvigelser)",
    events: "Hændelser",
    people: "Personer og resultater",
    rate: "Andel, niveau",
    together: "I alt",
    enrolled: "visiteret",
    nobody: "ingen",
    date: "Dato",
    step: "Fra optjent til betalt",
    payer: "Betaler",
    amount: "Beløb",
    account: "Alle investeringer og datoer",
    earned: "optjent før lofter",
    cut: "bortfaldet over lofter",
    moved_out: "flyttet til senere eller til andre",
    moved_in: "flyttet fra tidligere eller fra andre",
    topped_up: "løftet op til minimum",
    paid: "betalt",
    puts_in: "indskudt",
    not_itemised: "ikke specificeret",
    again: "fremlagt igen",
    last_day: "bortfalder på sidste dag",
    nothing: "Intet er optjent, og intet betales.",
    unmet: "betingelsen er ikke opfyldt",
    increase: "minus det tidligere",
};

/// Which trial a ledger is of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Which<'a> {
    Trial { trial: &'a str, seed: u64 },
    At { trial: &'a str, seed: u64, percent: u32, of: &'a str, payer: Option<&'a str>, payment: &'a str },
    Case(&'a str),
}

impl Language {
    /// The words of a ledger.
    pub(crate) const fn ledger(self) -> &'static Words {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// Which trial a ledger is of.
    pub(crate) fn which(self, which: Which<'_>) -> String {
        match (self, which) {
            (Self::En, Which::Trial { trial, seed }) => format!("The ledger of trial {trial} (seed {seed})."),
            (Self::Da, Which::Trial { trial, seed }) => {
                format!("Regnskab for gennemregning {trial} (startværdi {seed}).")
            }
            (Self::En, Which::At { trial, seed, percent, of, payer, payment }) => {
                let payer = payer.unwrap_or("all payers together");
                format!(
                    "The ledger of trial {trial}, at P{percent} of {of} trials (seed {seed}) ordered by what is paid in \
                     all by {payer}: {payment}."
                )
            }
            (Self::Da, Which::At { trial, seed, percent, of, payer, payment }) => {
                let payer = payer.unwrap_or("alle betalere under ét");
                format!(
                    "Regnskab for gennemregning {trial}, den på P{percent} af {of} (startværdi {seed}) ordnet efter \
                     samlet betaling fra {payer}: {payment}."
                )
            }
            (Self::En, Which::Case(name)) => format!(
                "The ledger of the course `{name}`, without chance: what it does not set is at its median, counts of \
                 people at their expectation."
            ),
            (Self::Da, Which::Case(name)) => format!(
                "Regnskab for forløbet `{name}`, uden tilfældighed: det, det ikke fastsætter, er sat til medianen, antal \
                 personer til det forventede."
            ),
        }
    }

    /// How the rows of a ledger add up, and where what limits take goes.
    pub(crate) fn how_to_read_a_ledger(self, currency: &str) -> String {
        match self {
            Self::En => format!(
                "In {currency}. The rows of a date add up to what is paid. What limits take is lost unless said otherwise."
            ),
            Self::Da => format!(
                "I {currency}: En datos rækker giver tilsammen det betalte. Det over et loft bortfalder, hvis intet \
                 andet står."
            ),
        }
    }

    /// The title of a ledger that is narrowed to a payer.
    pub(crate) fn shown_for(self, title: &str, payer: &str) -> String {
        match self {
            Self::En => format!("{title}, shown for {payer}"),
            Self::Da => format!("{title}, vist for {payer}"),
        }
    }

    /// Whether an event happens.
    pub(crate) fn happens(self, event: &str, happens: bool) -> String {
        match (self, happens) {
            (Self::En, true) => format!("{event} happens"),
            (Self::En, false) => format!("{event} does not happen"),
            (Self::Da, true) => format!("{event} indtræffer"),
            (Self::Da, false) => format!("{event} indtræffer ikke"),
        }
    }

    /// An outcome and whom it is measured of.
    pub(crate) fn of_whom(self, outcome: &str, of: &str) -> String {
        match self {
            Self::En => format!("{outcome}, of {of}"),
            Self::Da => format!("{outcome}, af {of}"),
        }
    }

    /// A measuring point, where an outcome has several.
    pub(crate) fn point(self, outcome: &str, point: usize) -> String {
        match self {
            Self::En => format!("{outcome}, point {point}"),
            Self::Da => format!("{outcome}, måling {point}"),
        }
    }

    /// A limit that takes something, what was left of it before, and where the rest goes if it is not lost.
    pub(crate) fn limit(self, id: &str, room: Option<&str>, goes: Option<&str>) -> String {
        let goes = goes.map(|goes| format!(": {goes}")).unwrap_or_default();
        match (self, room) {
            (Self::En, Some(room)) => format!("limit {id} ({room} left){goes}"),
            (Self::En, None) => format!("limit {id}{goes}"),
            (Self::Da, Some(room)) => format!("loft {id} (rest {room}){goes}"),
            (Self::Da, None) => format!("loft {id}{goes}"),
        }
    }

    /// A donation.
    pub(crate) fn gives(self, giver: &str, amount: &str) -> String {
        match self {
            Self::En => format!("{giver} gives {amount}, never repaid"),
            Self::Da => format!("{giver} giver {amount} som donation"),
        }
    }

    /// The return cap takes something; what was due before.
    pub(crate) fn return_cap(self, due: &str) -> String {
        match self {
            Self::En => format!("return cap ({due} due)"),
            Self::Da => format!("afkastloft (restkrav {due})"),
        }
    }

    /// What is settled with a fund on the last day: its guarantee, or what it gives back.
    pub(crate) fn settled(self, fund: &str, gives_back: bool) -> String {
        match (self, gives_back) {
            (Self::En, false) => format!("guarantee of fund {fund}"),
            (Self::En, true) => format!("given back by fund {fund}"),
            (Self::Da, false) => format!("garanti for fonden {fund}"),
            (Self::Da, true) => format!("tilbagebetalt af fonden {fund}"),
        }
    }

    /// Where what a limit does not let through goes.
    pub(crate) fn goes(self, to: Goes<'_>) -> String {
        match (self, to) {
            (Self::En, Goes::Later) => "rolls on".to_owned(),
            (Self::En, Goes::To(payers)) => format!("falls on {}", listed(payers, "and")),
            (Self::Da, Goes::Later) => "udskydes".to_owned(),
            (Self::Da, Goes::To(payers)) => format!("overgår til {}", listed(payers, "og")),
        }
    }

    /// What is paid in a budget year, and what is still due to the fund.
    pub(crate) fn paid_in(self, year: &str, due: Option<&str>) -> String {
        match (self, due) {
            (Self::En, Some(due)) => format!("paid {year}, still due {due}"),
            (Self::En, None) => format!("paid {year}"),
            (Self::Da, Some(due)) => format!("betalt {year}, restkrav {due}"),
            (Self::Da, None) => format!("betalt {year}"),
        }
    }

    /// Of what is paid, the part that falls in a budget year.
    pub(crate) fn of_it_in(self, year: &str) -> String {
        match self {
            Self::En => format!("of it in {year}"),
            Self::Da => format!("heraf i {year}"),
        }
    }
}

/// Where what a limit does not let through goes.
#[derive(Clone, Copy)]
pub(crate) enum Goes<'a> {
    Later,
    To(&'a [String]),
}
