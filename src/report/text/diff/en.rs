//! English words of differences.

use super::{Pooled, Say, counted};
use crate::dist::Scale;
use crate::scenario::model::{Per, What};

/// A value or a sentence.
pub(super) fn say(say: &Say<'_>) -> String {
    match *say {
        Say::Yes => "yes".into(),
        Say::No => "no".into(),
        Say::Nothing => "none".into(),
        Say::Added => "added".into(),
        Say::Removed => "removed".into(),
        Say::Verdict { changed: 0, added: 0, removed: 0 } => "no differences in meaning".into(),
        Say::Verdict { changed, added, removed } => {
            format!("{changed} changed, {added} added, {removed} removed")
        }
        Say::OtherSources(count) => {
            format!("{}: same number, another source", counted(count, "number", "numbers"))
        }
        Say::Enrolled => "enrolled".into(),
        Say::Ignorance => "not known".into(),
        Say::Shock => "happens to all at once".into(),
        Say::WhenPaid => "when cash moves".into(),
        Say::DayOfYear { month, day } => format!("{month:02}-{day:02}"),
        Say::Days(days) => counted(days as usize, "day", "days"),
        Say::Months(months) => counted(months as usize, "month", "months"),
        Say::Between { low, high } => format!("{low} to {high}, all equally likely"),
        Say::Triangular { low, mode, high } => format!("{low} to {high}, most likely {mode} (triangular)"),
        Say::Pert { low, mode, high } => format!("{low} to {high}, most likely {mode}"),
        Say::Beta { low, high, mean } => format!("{low} to {high} (mean {mean})"),
        Say::Normal { mean, sd } => format!("{mean} on average, standard deviation {sd} (normal)"),
        Say::LogNormal { median, factor } => format!("median {median}, P90 {factor} times that (lognormal)"),
        Say::Range { low, mid, high } => format!("{low} to {high} (mid {mid})"),
        Say::Metalog { points, low, high } => {
            let bound = |word: &str, x: Option<&str>| x.map_or_else(String::new, |x| format!(", {word} {x}"));
            format!("a curve through {points}{}{}", bound("above", low), bound("below", high))
        }
        Say::OneOf(values) => format!("one of {values}"),
        Say::OnScale(Scale::Plain) => "the plain scale".into(),
        Say::OnScale(Scale::Log) => "the log scale".into(),
        Say::OnScale(Scale::Logit) => "the logit scale".into(),
        Say::ShiftLogit(amount) => format!("{amount} on the logit scale"),
        Say::ShiftTimes(amount) => format!("times {amount}"),
        Say::ShiftPlus(amount) => format!("plus {amount}"),
        Say::ShiftBecomes(amount) => format!("becomes {amount}"),
        Say::OnTheDay => ", by its strength on the day of measuring".into(),
        Say::Ends(What::Enrolment) => "enrolment".into(),
        Say::Ends(What::Measuring) => "measuring".into(),
        Say::Ends(What::Fees) => "fixed amounts".into(),
        Say::ForIntakes(dates) => format!(", for those who start {dates}"),
        Say::EqualIntakes { count, every, first } => {
            format!("in {count} equal intakes, one every {every} from {first}")
        }
        Say::ComparedWith(people) => format!("{people} people in all"),
        Say::Matched(people) => format!("{people} matched to each"),
        Say::AfterStart(lengths) => format!("{lengths} after the start"),
        Say::EverySteps(length) => format!("in steps of {length} from the start"),
        Say::WhenMeasured => "when measured".into(),
        Say::AfterMeasuring(length) => format!("{length} after measuring"),
        Say::AfterDue(length) => format!("{length} after it falls due"),
        Say::Pooled(Pooled::EachTime) => "each measurement by itself".into(),
        Say::Pooled(Pooled::EachIntake) => "each intake together".into(),
        Say::Pooled(Pooled::EachQuarter) => "each quarter together".into(),
        Say::Pooled(Pooled::EachYear) => "each year together".into(),
        Say::Pooled(Pooled::ToDate) => "everything to date".into(),
        Say::Pooled(Pooled::AtTheEnd) => "all together at the end".into(),
        Say::LatestOfIntake => "latest of the intake".into(),
        Say::OfIntake => "of the intake".into(),
        Say::Increase => "what exceeds earlier readings".into(),
        Say::IncreaseOrRefund => "the increase, or a refund".into(),
        Say::ToFund(fund) => format!("fund {fund}"),
        Say::Until { date, what } => format!("{what} until {date}"),
        Say::Below(edge) => format!("below {edge}:"),
        Say::From(edge) => format!("from {edge}:"),
        Say::Above(edge) => format!("above {edge}:"),
        Say::RisingTo { pay, to, at } => format!("{pay}, rising to {to} at {at}"),
        Say::RisingBy { pay, each } => format!("{pay}, and {each} more for each"),
        Say::Happens(event) => format!("{event} happens"),
        Say::Never => "never".into(),
        Say::AllOf(of) => format!("all of {of}"),
        Say::AnyOf(of) => format!("any of {of}"),
        Say::NoneOf(of) => format!("none of {of}"),
        Say::AtLeastOf { count, of } => format!("at least {count} of {of}"),
        Say::BetweenOf { low, high, of } => format!("between {low} and {high} of {of}"),
        Say::NoLess(number) => format!("at least {number}"),
        Say::Over(number) => format!("above {number}"),
        Say::NoMore(number) => format!("at most {number}"),
        Say::Under(number) => format!("below {number}"),
        Say::Window(Per::Person) => "each person".into(),
        Say::Window(Per::Payment) => "each due date".into(),
        Say::Window(Per::Intake) => "each intake".into(),
        Say::Window(Per::Quarter) => "each quarter".into(),
        Say::Window(Per::Year) => "each year".into(),
        Say::Window(Per::Contract) => "the whole contract".into(),
        Say::AllTerms => "all terms".into(),
        Say::Lost => "is lost".into(),
        Say::Rolls => "is presented again later".into(),
        Say::FallsOn(payer) => format!("falls on {payer}"),
        Say::Passes(share) => format!("passes with {share}"),
        Say::StillDue { fund, promise } => format!("what is still due to fund {fund}: {promise}"),
        Say::ShareOf { share, of } => format!("{share} of {of}"),
        Say::Multiple(times) => format!("{times} times what is drawn"),
        Say::Balance(rate) => format!("{rate} a year, compounded"),
        Say::Simple(rate) => format!("{rate} a year, simple"),
        Say::Average(rate) => format!("{rate} a year on average, on all that is drawn"),
    }
}
