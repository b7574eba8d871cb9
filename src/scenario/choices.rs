//! The words that a value may be, where it is one of a few, each with its meaning: read by the checks, listed by the schema.

use super::model::{Booked, Class, Exposure, Pays, Per, What};
use crate::dist::{Family, Scale};

/// `booked` of a party.
pub(crate) const BOOKED: [(&str, Booked); 2] = [("due", Booked::Due), ("paid", Booked::Paid)];

/// `class` of inputs, factors and events.
pub(crate) const CLASSES: [(&str, Class); 2] = [("ignorance", Class::Ignorance), ("shock", Class::Shock)];

/// `scale` of a range.
pub(crate) const SCALES: [(&str, Scale); 3] =
    [("plain", Scale::Plain), ("log", Scale::Log), ("logit", Scale::Logit)];

/// `fit` of quantiles.
pub(crate) const FITS: [(&str, Family); 3] =
    [("normal", Family::Normal), ("lognormal", Family::LogNormal), ("beta", Family::Beta)];

/// `exposure` of a shift: which days count.
pub(crate) const EXPOSURES: [(&str, Exposure); 2] = [("window", Exposure::Window), ("day", Exposure::Day)];

/// `stops` of an event.
pub(crate) const STOPS: [(&str, &[What]); 3] = [
    ("enrolment", &[What::Enrolment]),
    ("measuring", &[What::Measuring]),
    ("contract", &[What::Enrolment, What::Measuring, What::Fees]),
];

/// `drawn` of an input: whether anew for each intake.
pub(crate) const DRAWN: [(&str, bool); 2] = [("once", false), ("each intake", true)];

/// `repaid` of a fund.
pub(crate) const REPAID: [(&str, ()); 1] = [("never", ())];

/// `surplus` of a fund: whether it is given back.
pub(crate) const SURPLUS: [(&str, bool); 2] = [("cut", false), ("returned", true)];

/// `per` of a limit.
pub(crate) const PERS: [(&str, Per); 6] = [
    (Per::Person.word(), Per::Person),
    (Per::Payment.word(), Per::Payment),
    (Per::Intake.word(), Per::Intake),
    (Per::Quarter.word(), Per::Quarter),
    (Per::Year.word(), Per::Year),
    (Per::Contract.word(), Per::Contract),
];

/// `excess` of a limit in a word: whether it rolls.
pub(crate) const EXCESSES: [(&str, bool); 2] = [("lost", false), ("rolls", true)];

/// `pays` of a term that reads what is measured to date.
pub(crate) const PAYS: [(&str, Pays); 3] =
    [("in full", Pays::InFull), ("increase", Pays::Increase), ("increase or refund", Pays::IncreaseOrRefund)];

/// What one reading pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pool {
    /// One intake at one point.
    EachTime,
    /// All points of an intake.
    EachIntake,
    /// What is measured in a calendar quarter.
    EachQuarter,
    /// What is measured in a calendar year.
    EachYear,
    /// Everything measured so far, read whenever something is.
    ToDate,
    /// Everything, read once.
    AtTheEnd,
}

/// `measured` of terms and tests.
pub(crate) const POOLS: [(&str, Pool); 6] = [
    ("each time", Pool::EachTime),
    ("each intake", Pool::EachIntake),
    ("each quarter", Pool::EachQuarter),
    ("each year", Pool::EachYear),
    ("to date", Pool::ToDate),
    ("at the end", Pool::AtTheEnd),
];
