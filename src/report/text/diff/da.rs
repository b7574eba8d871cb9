//! Danish words of differences.

use super::{Pooled, Say, counted};
use crate::dist::Scale;
use crate::scenario::model::{Per, What};

/// A value or a sentence.
pub(super) fn say(say: &Say<'_>) -> String {
    match *say {
        Say::Yes => "ja".into(),
        Say::No => "nej".into(),
        Say::Nothing => "intet".into(),
        Say::Added => "tilføjet".into(),
        Say::Removed => "fjernet".into(),
        Say::Verdict { changed: 0, added: 0, removed: 0 } => "ingen forskelle i indhold".into(),
        Say::Verdict { changed, added, removed } => {
            format!("{changed} ændret, {added} tilføjet, {removed} fjernet")
        }
        Say::OtherSources(count) => format!("{count} tal: samme tal, anden kilde"),
        Say::Enrolled => "visiterede".into(),
        Say::Ignorance => "ikke kendt".into(),
        Say::Shock => "rammer alle på én gang".into(),
        Say::WhenPaid => "ved udbetaling".into(),
        Say::DayOfYear { month, day } => format!("{day:02}-{month:02}"),
        Say::Days(days) => counted(days as usize, "dag", "dage"),
        Say::Months(months) => counted(months as usize, "måned", "måneder"),
        Say::Between { low, high } => format!("{low} til {high}, alle lige sandsynlige"),
        Say::Triangular { low, mode, high } => format!("{low} til {high}, mest sandsynligt {mode} (trekant)"),
        Say::Pert { low, mode, high } => format!("{low} til {high}, mest sandsynligt {mode}"),
        Say::Beta { low, high, mean } => format!("{low} til {high} (gennemsnit {mean})"),
        Say::Normal { mean, sd } => format!("{mean} i gennemsnit, standardafvigelse {sd} (normal)"),
        Say::LogNormal { median, factor } => format!("median {median}, P90 {factor} gange den (lognormal)"),
        Say::Range { low, mid, high } => format!("{low} til {high} (midt {mid})"),
        Say::Metalog { points, low, high } => {
            let bound = |word: &str, x: Option<&str>| x.map_or_else(String::new, |x| format!(", {word} {x}"));
            format!("en kurve gennem {points}{}{}", bound("over", low), bound("under", high))
        }
        Say::OneOf(values) => format!("en af {values}"),
        Say::OnScale(Scale::Plain) => "den lige skala".into(),
        Say::OnScale(Scale::Log) => "log-skalaen".into(),
        Say::OnScale(Scale::Logit) => "logit-skalaen".into(),
        Say::ShiftLogit(amount) => format!("{amount} på logit-skalaen"),
        Say::ShiftTimes(amount) => format!("gange {amount}"),
        Say::ShiftPlus(amount) => format!("plus {amount}"),
        Say::ShiftBecomes(amount) => format!("bliver {amount}"),
        Say::OnTheDay => ", efter styrken på måledagen".into(),
        Say::Ends(What::Enrolment) => "nye hold".into(),
        Say::Ends(What::Measuring) => "målinger".into(),
        Say::Ends(What::Fees) => "faste beløb".into(),
        Say::ForIntakes(dates) => format!(", for dem der starter {dates}"),
        Say::EqualIntakes { count, every, first } => {
            format!("i {count} lige store hold, et hver {every} fra {first}")
        }
        Say::ComparedWith(people) => format!("{people} personer i alt"),
        Say::Matched(people) => format!("{people} matchede til hver"),
        Say::AfterStart(lengths) => format!("{lengths} efter start"),
        Say::EverySteps(length) => format!("i trin på {length} fra start"),
        Say::WhenMeasured => "ved målingen".into(),
        Say::AfterMeasuring(length) => format!("{length} efter målingen"),
        Say::AfterDue(length) => format!("{length} efter forfald"),
        Say::Pooled(Pooled::EachTime) => "hver måling for sig".into(),
        Say::Pooled(Pooled::EachIntake) => "hvert hold samlet".into(),
        Say::Pooled(Pooled::EachQuarter) => "hvert kvartal samlet".into(),
        Say::Pooled(Pooled::EachYear) => "hvert år samlet".into(),
        Say::Pooled(Pooled::ToDate) => "alt til dato".into(),
        Say::Pooled(Pooled::AtTheEnd) => "alt samlet til sidst".into(),
        Say::LatestOfIntake => "seneste for holdet".into(),
        Say::OfIntake => "for holdet".into(),
        Say::Increase => "det der overstiger tidligere opgørelser".into(),
        Say::IncreaseOrRefund => "stigningen, eller en tilbagebetaling".into(),
        Say::ToFund(fund) => format!("indskud {fund}"),
        Say::Until { date, what } => format!("{what} til og med {date}"),
        Say::Below(edge) => format!("under {edge}:"),
        Say::From(edge) => format!("fra {edge}:"),
        Say::Above(edge) => format!("over {edge}:"),
        Say::RisingTo { pay, to, at } => format!("{pay}, stigende til {to} ved {at}"),
        Say::RisingBy { pay, each } => format!("{pay}, og {each} mere for hver"),
        Say::Happens(event) => format!("{event} sker"),
        Say::Never => "aldrig".into(),
        Say::AllOf(of) => format!("alle af {of}"),
        Say::AnyOf(of) => format!("mindst én af {of}"),
        Say::NoneOf(of) => format!("ingen af {of}"),
        Say::AtLeastOf { count, of } => format!("mindst {count} af {of}"),
        Say::BetweenOf { low, high, of } => format!("mellem {low} og {high} af {of}"),
        Say::NoLess(number) => format!("mindst {number}"),
        Say::Over(number) => format!("over {number}"),
        Say::NoMore(number) => format!("højst {number}"),
        Say::Under(number) => format!("under {number}"),
        Say::Window(Per::Person) => "hver person".into(),
        Say::Window(Per::Payment) => "hver forfaldsdag".into(),
        Say::Window(Per::Intake) => "hvert hold".into(),
        Say::Window(Per::Quarter) => "hvert kvartal".into(),
        Say::Window(Per::Year) => "hvert år".into(),
        Say::Window(Per::Contract) => "hele kontrakten".into(),
        Say::AllTerms => "alle betalinger".into(),
        Say::Lost => "bortfalder".into(),
        Say::Rolls => "fremlægges igen senere".into(),
        Say::FallsOn(payer) => format!("betales af {payer}"),
        Say::Passes(share) => format!("betales med {share}"),
        Say::StillDue { fund, promise } => format!("hvad indskud {fund} endnu har til gode: {promise}"),
        Say::ShareOf { share, of } => format!("{share} af {of}"),
        Say::Multiple(times) => format!("{times} gange det udbetalte"),
        Say::Balance(rate) => format!("{rate} om året med rentes rente"),
        Say::Simple(rate) => format!("{rate} om året uden rentes rente"),
        Say::Average(rate) => format!("{rate} om året i gennemsnit af alt udbetalt"),
    }
}
