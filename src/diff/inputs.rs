//! Uncertain numbers.

use std::collections::BTreeSet;

use super::facts::{Around, Thing};
use super::shared::{class_of, loadings};
use crate::dependence::Family;
use crate::dist::{Bounded, Distribution, Law as _, Scale, Tails};
use crate::report::text::{Aspect, Kind, Say};
use crate::scenario::model::{
    Class, Correlation, Effect, Exposure, Input, InputKind, Number, OutcomeKind, Shift, Stays,
};

impl Around<'_> {
    pub(super) fn input(&self, input: &Input) -> Thing {
        // What the evidence counted (`of`) belongs to the source, as its document does; what a distribution was computed
        // from is told by the distribution.
        let Input { name, kind, loads, shifts, each_intake, class, stream, span, of: _, behind: _ } = input;
        let mut thing = self.thing(Kind::Input, name).table(format!("input.{name}")).span(span);
        let share = self.shares_of_people().contains(name.as_str());
        match kind {
            InputKind::Random(bounded) => self.distribution(&mut thing, Aspect::Is, bounded, share),
            InputKind::Formula(formula) => {
                let text = self.formula(formula.expression(), &|input| self.input_name(*input));
                thing.says(Aspect::Is, "formula", text);
            }
        }
        loadings(&mut thing, loads, self.style);
        for Shift { event, effect, intakes, exposure } in shifts {
            let intakes = intakes.as_ref().map(|hit| {
                let dates =
                    hit.iter().filter_map(|index| self.investment.cohort.intakes.get(*index).copied());
                self.style.dates(dates)
            });
            let amount = self.style.number(match effect {
                Effect::Logit(amount)
                | Effect::Times(amount)
                | Effect::Plus(amount)
                | Effect::Becomes(amount) => *amount,
            });
            let said = match effect {
                Effect::Logit(_) => Say::ShiftLogit(&amount),
                Effect::Times(_) => Say::ShiftTimes(&amount),
                Effect::Plus(_) => Say::ShiftPlus(&amount),
                Effect::Becomes(_) => Say::ShiftBecomes(&amount),
            };
            let said = self.say(&said) + &intakes.map(|i| self.say(&Say::ForIntakes(&i))).unwrap_or_default();
            let said = match exposure {
                Exposure::Window => said,
                Exposure::Day => said + &self.say(&Say::OnTheDay),
            };
            thing.says_of(Aspect::IfHappens, event.as_str(), &format!("shifts.{event}"), vec![said]);
        }
        thing.is(Aspect::EachIntake, "", *each_intake, self.style.language);
        if *class != Class::Ignorance {
            thing.says(Aspect::Class, "", class_of(*class, self.style.language));
        }
        if stream != name.as_str() {
            thing.says(Aspect::Stream, "", stream.clone());
        }
        thing
    }

    /// Inputs that hang together.
    pub(super) fn correlation(&self, correlation: &Correlation) -> Thing {
        let Correlation { name, inputs, copula, span } = correlation;
        let mut thing = self.thing(Kind::Correlation, name).table(format!("correlation.{name}")).span(span);
        for (i, j) in copula.asked().pairs() {
            let [a, b] = [i, j].map(|at| self.input_name(inputs[at]));
            let about = format!("{a}, {b}");
            thing.says_of(Aspect::Together, &about, "", vec![self.style.number(copula.asked().at(i, j))]);
        }
        if let Family::Student(degrees) = copula.family() {
            thing.says(Aspect::Extremes, "copula.t", degrees.get().to_string());
        }
        thing
    }

    /// What a distribution is and where it is cut.
    pub(super) fn distribution(&self, thing: &mut Thing, aspect: Aspect, bounded: &Bounded, share: bool) {
        let distribution = bounded.distribution();
        let share = share
            || matches!(distribution, Distribution::Beta(_))
            || scale(distribution) == Some(Scale::Logit);
        let number = |value: f64| if share { self.style.percent(value) } else { self.style.number(value) };
        match distribution {
            Distribution::Beta(law) => {
                let [a, b] = [law.a(), law.b()].map(|shape| self.style.number(shape));
                let told = self.told(distribution, &number);
                thing.says_about(aspect, "", told, &format!("beta {a} {b}"));
            }
            _ => thing.says(aspect, "", self.told(distribution, &number)),
        }
        if let Some(scale) = scale(distribution) {
            let usual = if share { Scale::Logit } else { Scale::Plain };
            if scale != usual {
                thing.says(Aspect::Scale, "", self.say(&Say::OnScale(scale)));
            }
        }
        thing.may_say(Aspect::AtLeast, "at_least", bounded.lower().map(number));
        thing.may_say(Aspect::AtMost, "at_most", bounded.upper().map(number));
    }

    fn told(&self, distribution: &Distribution, number: &impl Fn(f64) -> String) -> String {
        let list = |values: &[f64]| values.iter().map(|v| number(*v)).collect::<Vec<_>>().join(", ");
        match distribution {
            Distribution::Fixed(law) => number(law.value()),
            Distribution::Uniform(law) => {
                self.say(&Say::Between { low: &number(law.low()), high: &number(law.high()) })
            }
            Distribution::Triangular(law) => {
                let [low, mode, high] = [law.low(), law.mode(), law.high()].map(number);
                self.say(&Say::Triangular { low: &low, mode: &mode, high: &high })
            }
            Distribution::Pert(law) => {
                let [low, mode, high] = [law.low(), law.mode(), law.high()].map(number);
                self.say(&Say::Pert { low: &low, mode: &mode, high: &high })
            }
            Distribution::Beta(law) => {
                let [low, high] = [Tails::from_lower(0.1), Tails::from_lower(0.9)].map(|at| law.quantile(at));
                let [low, high, mean] =
                    [low, high, law.mean()].map(|x| number((x * 1000.0).round() / 1000.0));
                self.say(&Say::Beta { low: &low, high: &high, mean: &mean })
            }
            Distribution::Normal(law) => {
                let [mean, sd] = [law.mean(), law.standard_deviation()].map(number);
                self.say(&Say::Normal { mean: &mean, sd: &sd })
            }
            Distribution::LogNormal(law) => {
                let (median, factor) = law.median_and_factor();
                self.say(&Say::LogNormal { median: &number(median), factor: &self.style.number(factor) })
            }
            Distribution::Range(law) => {
                let (low, mid, high) = law.points();
                let [low, mid, high] = [low, mid, high].map(number);
                let told = self.say(&Say::Range { low: &low, mid: &mid, high: &high });
                let usual = (law.covers() - 0.8).abs() < 1e-12;
                if usual { told } else { format!("{told}, {}", self.style.percent(law.covers())) }
            }
            Distribution::Discrete(law) => {
                let one = |(value, chance): (&f64, &f64)| {
                    format!("{} ({})", number(*value), self.style.percent(*chance))
                };
                let all: Vec<_> = law.values().iter().zip(law.chances()).map(one).collect();
                self.say(&Say::OneOf(&all.join(", ")))
            }
            Distribution::Metalog(law) => {
                let one = |(p, x): &(f64, f64)| format!("{} ({})", number(*x), self.style.percent(*p));
                let points: Vec<_> = law.points().iter().map(one).collect();
                let bound = |x: Option<f64>| x.map(number);
                let (low, high) = law.bounds();
                let (low, high) = (bound(low), bound(high));
                self.say(&Say::Metalog {
                    points: &points.join(", "),
                    low: low.as_deref(),
                    high: high.as_deref(),
                })
            }
            Distribution::Mixture(law) => {
                let one = |(weight, part): &(f64, Bounded)| {
                    let bounds = match (part.lower(), part.upper()) {
                        (None, None) => String::new(),
                        (low, high) => format!(
                            " [{}, {}]",
                            low.map(number).unwrap_or_default(),
                            high.map(number).unwrap_or_default()
                        ),
                    };
                    format!(
                        "{}: {}{bounds}",
                        self.style.percent(*weight),
                        self.told(part.distribution(), number)
                    )
                };
                law.parts().iter().map(one).collect::<Vec<_>>().join(" | ")
            }
            Distribution::Empirical(law) => self.say(&Say::OneOf(&list(law.data()))),
        }
    }

    /// Inputs that are chances of people, so that 0.4 is 40 %.
    pub(super) fn shares_of_people(&self) -> BTreeSet<&str> {
        let mut numbers: Vec<&Number> = Vec::new();
        for outcome in &self.investment.outcomes {
            numbers.extend(&outcome.clustering);
            match &outcome.kind {
                OutcomeKind::Rate(rates) => numbers.extend(rates),
                OutcomeKind::Stays(Stays { start, leave, back, .. }) => numbers.extend([start, leave, back]),
                OutcomeKind::Level { .. }
                | OutcomeKind::Formula(_)
                | OutcomeKind::PeopleWith(_)
                | OutcomeKind::Each(_) => {}
            }
        }
        let input = |number: &Number| match number {
            Number::Input(input) => Some(self.investment.inputs[*input].name.as_str()),
            Number::Fixed(_) => None,
        };
        numbers.into_iter().filter_map(input).collect()
    }
}

fn scale(distribution: &Distribution) -> Option<Scale> {
    match distribution {
        Distribution::Range(range) => Some(range.scale()),
        _ => None,
    }
}
