//! The words in which differences between scenarios are told.

mod da;
mod en;

use super::Language;
use crate::dist::Scale;
use crate::scenario::model::{Per, What};

/// Kinds of things, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Scenario,
    Investment,
    Party,
    Fund,
    Cohort,
    Factor,
    Event,
    Input,
    /// Inputs that hang together.
    Correlation,
    Outcome,
    Term,
    Limit,
    Limits,
    Case,
    Budget,
}

/// What is said about a thing, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Aspect {
    Id,
    Name,
    Currency,
    PriceLevel,
    Starts,
    Ends,
    AsOf,
    BudgetYears,
    BudgetYear,
    Booked,
    Chance,
    On,
    People,
    Intakes,
    Groups,
    Alike,
    Is,
    Scale,
    UnitsOfEach,
    Rate,
    Level,
    NoiseSd,
    NoisePeople,
    Compared,
    SharedGroup,
    All,
    Any,
    NoneOf,
    SomeOf,
    StayStart,
    StayLeave,
    StayBack,
    Steps,
    Lengths,
    Allow,
    Of,
    Measured,
    Ladder,
    Clustering,
    Bias,
    RoundTo,
    For,
    Price,
    Base,
    Amount,
    Times,
    Pooled,
    Pays,
    When,
    Due,
    CashMoves,
    PaidBy,
    To,
    AtMost,
    AtMostIn,
    AtLeast,
    AtLeastIn,
    Per,
    Payer,
    Covers,
    Excess,
    Order,
    From,
    Drawn,
    Donation,
    Rank,
    ReturnCap,
    ReturnsSurplus,
    Guaranteed,
    GuaranteedBy,
    GuaranteedUpTo,
    Loads,
    IfHappens,
    /// Rank correlation of a pair.
    Together,
    /// When an event is in full force.
    FullBy,
    /// Its last day in full force.
    Until,
    /// The first day without it.
    Over,
    /// What an event ends.
    Stops,
    /// How extremes come together.
    Extremes,
    EachIntake,
    Class,
    Stream,
    TwoSided,
    WholeKroner,
    Account,
    InYear,
    Set,
    EventHappens,
}

/// How measurements are read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pooled {
    EachTime,
    EachIntake,
    EachQuarter,
    EachYear,
    ToDate,
    AtTheEnd,
}

impl Pooled {
    pub(crate) const ALL: [Self; 6] =
        [Self::EachTime, Self::EachIntake, Self::EachQuarter, Self::EachYear, Self::ToDate, Self::AtTheEnd];
}

/// Values and sentences. Numbers, dates and names come as finished text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Say<'a> {
    Yes,
    No,
    Nothing,
    Added,
    Removed,
    Verdict {
        changed: usize,
        added: usize,
        removed: usize,
    },
    OtherSources(usize),
    Enrolled,
    Ignorance,
    Shock,
    WhenPaid,
    DayOfYear {
        month: i8,
        day: i8,
    },
    Days(u32),
    Months(u32),
    Between {
        low: &'a str,
        high: &'a str,
    },
    Triangular {
        low: &'a str,
        mode: &'a str,
        high: &'a str,
    },
    Pert {
        low: &'a str,
        mode: &'a str,
        high: &'a str,
    },
    Beta {
        low: &'a str,
        high: &'a str,
        mean: &'a str,
    },
    Normal {
        mean: &'a str,
        sd: &'a str,
    },
    LogNormal {
        median: &'a str,
        factor: &'a str,
    },
    Range {
        low: &'a str,
        mid: &'a str,
        high: &'a str,
    },
    /// Quantiles with their probabilities, and bounds where there are some.
    Metalog {
        points: &'a str,
        low: Option<&'a str>,
        high: Option<&'a str>,
    },
    OneOf(&'a str),
    OnScale(Scale),
    ShiftLogit(&'a str),
    ShiftTimes(&'a str),
    ShiftPlus(&'a str),
    /// A shift to a number.
    ShiftBecomes(&'a str),
    /// That only the day of measuring counts.
    OnTheDay,
    /// What an event ends.
    Ends(What),
    ForIntakes(&'a str),
    EqualIntakes {
        count: usize,
        every: &'a str,
        first: &'a str,
    },
    ComparedWith(&'a str),
    Matched(&'a str),
    AfterStart(&'a str),
    EverySteps(&'a str),
    WhenMeasured,
    AfterMeasuring(&'a str),
    AfterDue(&'a str),
    Pooled(Pooled),
    LatestOfIntake,
    OfIntake,
    Increase,
    IncreaseOrRefund,
    ToFund(&'a str),
    Until {
        date: &'a str,
        what: &'a str,
    },
    Below(&'a str),
    From(&'a str),
    Above(&'a str),
    RisingTo {
        pay: &'a str,
        to: &'a str,
        at: &'a str,
    },
    RisingBy {
        pay: &'a str,
        each: &'a str,
    },
    Happens(&'a str),
    Never,
    AllOf(&'a str),
    AnyOf(&'a str),
    NoneOf(&'a str),
    AtLeastOf {
        count: usize,
        of: &'a str,
    },
    BetweenOf {
        low: usize,
        high: usize,
        of: &'a str,
    },
    NoLess(&'a str),
    Over(&'a str),
    NoMore(&'a str),
    Under(&'a str),
    Window(Per),
    AllTerms,
    Lost,
    Rolls,
    FallsOn(&'a str),
    Passes(&'a str),
    StillDue {
        fund: &'a str,
        promise: &'a str,
    },
    ShareOf {
        share: &'a str,
        of: &'a str,
    },
    Multiple(&'a str),
    Balance(&'a str),
    Simple(&'a str),
    Average(&'a str),
}

impl Language {
    /// The words of this language among those of both.
    const fn of<'a>(self, english: &'a str, danish: &'a str) -> &'a str {
        match self {
            Self::En => english,
            Self::Da => danish,
        }
    }

    /// A kind of thing.
    pub(crate) const fn kind(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Scenario => self.of("scenario", "scenarie"),
            Kind::Investment => self.of("contract", "kontrakt"),
            Kind::Party => self.of("party", "part"),
            Kind::Fund => self.of("fund", "indskud"),
            Kind::Cohort => self.of("people", "personer"),
            Kind::Factor => self.of("factor", "fælles faktor"),
            Kind::Event => self.of("event", "hændelse"),
            Kind::Input => self.of("input", "tal"),
            Kind::Correlation => self.of("correlation", "samvariation"),
            Kind::Outcome => self.of("outcome", "resultat"),
            Kind::Term => self.of("term", "betaling"),
            Kind::Limit => self.of("limit", "loft"),
            Kind::Limits => self.of("limits", "lofter"),
            Kind::Case => self.of("case", "forløb"),
            Kind::Budget => self.of("appropriation", "bevilling"),
        }
    }

    /// What is said about a thing; empty where the value says it.
    #[allow(clippy::too_many_lines, reason = "one arm for each question")]
    pub(crate) fn aspect(self, aspect: Aspect, about: &str) -> String {
        let words = match aspect {
            Aspect::Id => self.of("id", "id"),
            Aspect::Name => self.of("name", "navn"),
            Aspect::Currency => self.of("currency", "valuta"),
            Aspect::PriceLevel => self.of("price level", "prisniveau"),
            Aspect::Starts => self.of("starts", "begynder"),
            Aspect::Ends => self.of("ends", "slutter"),
            Aspect::AsOf => self.of("as of", "opgjort pr."),
            Aspect::BudgetYears => self.of("budget years", "budgetår"),
            Aspect::BudgetYear => self.of("budget year begins", "budgetår begynder"),
            Aspect::Booked => self.of("books", "bogfører"),
            Aspect::Chance => self.of("chance", "chance"),
            Aspect::On => self.of("on", "den"),
            Aspect::People => self.of("number", "antal"),
            Aspect::Intakes => self.of("start", "starter"),
            Aspect::Groups => self.of("groups", "grupper"),
            Aspect::Alike => self.of("alike", "ens"),
            Aspect::Is => "",
            Aspect::Scale => self.of("fitted on", "tilpasset på"),
            Aspect::UnitsOfEach => self.of("units of each person", "enheder for hver person"),
            Aspect::Rate => self.of("share who reach it", "andel der når det"),
            Aspect::Level => self.of("level", "niveau"),
            Aspect::NoiseSd => self.of("standard deviation of one person", "standardafvigelse for en person"),
            Aspect::NoisePeople => self.of("measured on", "målt på"),
            Aspect::Compared => self.of("compared with", "sammenlignet med"),
            Aspect::SharedGroup => self.of("shared comparison group", "fælles kontrolgruppe"),
            Aspect::All => self.of("all of", "alle af"),
            Aspect::Any => self.of("any of", "mindst én af"),
            Aspect::NoneOf => self.of("none of", "ingen af"),
            Aspect::SomeOf => self.of("besides", "desuden"),
            Aspect::StayStart => self.of("share who stay at first", "andel der bliver fra start"),
            Aspect::StayLeave => self.of("chance of leaving in a step", "chance for at forlade i et trin"),
            Aspect::StayBack => {
                self.of("chance of coming back in a step", "chance for at vende tilbage i et trin")
            }
            Aspect::Steps => self.of("number of steps", "antal trin"),
            Aspect::Lengths => self.of("lengths in steps", "længder i trin"),
            Aspect::Allow => self.of("breaks allowed", "tilladte afbrud"),
            Aspect::Of => self.of("measured of", "måles af"),
            Aspect::Measured => self.of("measured", "måles"),
            Aspect::Ladder => self
                .of("each point of those who reached the one before", "hver måling af dem fra målingen før"),
            Aspect::Clustering => self.of("clustering", "samvariation i et hold"),
            Aspect::Bias => self.of("measured too high by", "måles for højt med"),
            Aspect::RoundTo => self.of("rounded to", "afrundes til"),
            Aspect::Price => self.of("price", "pris"),
            Aspect::Base => self.of("base", "grundbeløb"),
            Aspect::Amount => self.of("amount", "beløb"),
            Aspect::Times => self.of("multiplied by", "ganges med"),
            Aspect::Pooled => self.of("read", "opgøres"),
            Aspect::Pays => self.of("pays", "betaler"),
            Aspect::When => self.of("only when", "kun når"),
            Aspect::Due => self.of("due", "forfalder"),
            Aspect::CashMoves => self.of("paid out", "udbetales"),
            Aspect::PaidBy => self.of("paid by", "betales af"),
            Aspect::To => self.of("paid to", "betales til"),
            Aspect::AtMost => self.of("at most", "højst"),
            Aspect::AtMostIn => return format!("{} {about}", self.of("at most in", "højst i")),
            Aspect::AtLeast => self.of("at least", "mindst"),
            Aspect::AtLeastIn => return format!("{} {about}", self.of("at least in", "mindst i")),
            Aspect::For | Aspect::Per => self.of("for", "for"),
            Aspect::Payer => self.of("payer", "betaler"),
            Aspect::Covers => self.of("covers", "omfatter"),
            Aspect::Excess => self.of("what is above", "det overskydende"),
            Aspect::Order => self.of("act in the order", "virker i rækkefølgen"),
            Aspect::From => self.of("from", "fra"),
            Aspect::Drawn => self.of("drawn", "udbetales"),
            Aspect::Donation => self.of("never repaid", "tilbagebetales aldrig"),
            Aspect::Rank => self.of("rank", "rang"),
            Aspect::ReturnCap => self.of("return cap", "afkastloft"),
            Aspect::ReturnsSurplus => {
                self.of("returns what is above the cap", "giver det over loftet tilbage")
            }
            Aspect::Guaranteed => self.of("guaranteed", "garanteret"),
            Aspect::GuaranteedBy => self.of("guaranteed by", "garanteret af"),
            Aspect::GuaranteedUpTo => self.of("guarantee at most", "garanti højst"),
            Aspect::Loads => return format!("{} {about}", self.of("follows factor", "følger faktoren")),
            Aspect::IfHappens => return format!("{} {about}", self.of("if it happens:", "hvis det sker:")),
            Aspect::Together => {
                return format!("{} {about}", self.of("rank correlation of", "rangkorrelation mellem"));
            }
            Aspect::Extremes => self.of(
                "extremes come together: t copula with degrees of freedom",
                "yderpunkter følges ad: t-copula med frihedsgrader",
            ),
            Aspect::FullBy => self.of("in full force by", "fuldt slået igennem den"),
            Aspect::Until => self.of("until", "indtil"),
            Aspect::Over => self.of("over by", "ovre den"),
            Aspect::Stops => {
                return format!("{} {about}", self.of("ends if it happens:", "ophører, hvis det sker:"));
            }
            Aspect::EachIntake => self.of("drawn anew for each intake", "trækkes på ny for hvert hold"),
            Aspect::Class => self.of("kind of uncertainty", "slags usikkerhed"),
            Aspect::Stream => self.of("random numbers of", "tilfældige tal fra"),
            Aspect::TwoSided => self.of("may be negative", "kan være negativ"),
            Aspect::WholeKroner => self.of("rounded to whole units", "afrundes til hele kroner"),
            Aspect::Account => self.of("account", "konto"),
            Aspect::InYear | Aspect::Set => return about.to_owned(),
            Aspect::EventHappens => return format!("{about} {}", self.of("happens:", "sker:")),
        };
        words.to_owned()
    }

    /// A value or a sentence.
    pub(crate) fn say(self, say: &Say<'_>) -> String {
        match self {
            Self::En => en::say(say),
            Self::Da => da::say(say),
        }
    }
}

fn counted(count: usize, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}
