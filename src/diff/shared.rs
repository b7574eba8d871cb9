//! What investments share: the scenario itself, parties, factors, events, appropriations.

use super::facts::Thing;
use super::numbers::Style;
use crate::report::text::{Aspect, Kind, Language, Say};
use crate::scenario::model::{Booked, Budget, Class, Currency, Event, Factor, Party, Scenario};
use crate::scenario::name::{Id, Name};

/// Everything of a scenario but its investments.
pub(super) fn things(scenario: &Scenario, language: Language) -> Vec<Thing> {
    let Scenario {
        id,
        title,
        currency: Currency { code, price_level },
        as_of,
        budget_years,
        parties,
        factors,
        events,
        investments,
        budgets,
        // Where numbers come from is no part of what a contract means; it is counted apart.
        documents: _,
        register: _,
        sources: _,
    } = scenario;
    let style = Style::new(scenario, language);
    let mut whole = Thing::new(Kind::Scenario, &"", None).table("");
    if let Some(first) = investments.first() {
        whole = whole.span(&first.span);
    }
    // A file of one investment has its id and name, which the investment tells.
    if investments.iter().all(|investment| investment.id != *id) {
        whole.says(Aspect::Id, "", id.to_string());
        whole.says(Aspect::Name, "name", title.clone());
    }
    whole.says(Aspect::Currency, "currency", code.clone());
    whole.may_say(Aspect::PriceLevel, "price_level", price_level.map(|year| year.to_string()));
    whole.may_say(Aspect::AsOf, "as_of", as_of.map(|date| style.date(date)));
    let years: Vec<_> = budget_years.iter().map(ToString::to_string).collect();
    whole.may_say(Aspect::BudgetYears, "budget_years", (!years.is_empty()).then(|| years.join(", ")));
    let mut things = vec![whole];
    things.extend(parties.iter().map(|(id, p)| party(id, p, language)));
    things.extend(factors.iter().map(|(name, f)| factor(name, f, language)));
    things.extend(events.iter().map(|(name, e)| event(name, e, style)));
    things.extend(budgets.iter().map(|(id, b)| budget(Thing::new(Kind::Budget, id, None), id, b, style)));
    things
}

fn party(id: &Id, party: &Party, language: Language) -> Thing {
    let Party { name, year_start, booked } = party;
    let mut thing = Thing::new(Kind::Party, id, None).table(format!("party.{id}"));
    thing.says(Aspect::Name, "name", name.clone());
    if year_start.month_and_day() != (1, 1) {
        let (month, day) = year_start.month_and_day();
        thing.says(Aspect::BudgetYear, "budget_year", language.say(&Say::DayOfYear { month, day }));
    }
    match booked {
        Booked::Due => {}
        Booked::Paid => thing.says(Aspect::Booked, "booked", language.say(&Say::WhenPaid)),
    }
    thing
}

fn factor(name: &Name, Factor { class, span }: &Factor, language: Language) -> Thing {
    let mut thing = Thing::new(Kind::Factor, name, None).table(format!("factor.{name}")).span(span);
    thing.says(Aspect::Class, "class", class_of(*class, language));
    thing
}

fn event(name: &Name, event: &Event, style: Style) -> Thing {
    let Event { chance, course, loads, class, span } = event;
    let mut thing = Thing::new(Kind::Event, name, None).table(format!("event.{name}")).span(span);
    thing.says(Aspect::Chance, "chance", style.percent(*chance));
    let (full, end) = course.shape();
    thing.says(Aspect::On, "on", style.date(course.on()));
    thing.may_say(Aspect::FullBy, "onset", full.map(|full| style.date(full)));
    thing.may_say(Aspect::Until, "until", end.map(|(until, _)| style.date(until)));
    thing.may_say(Aspect::Over, "recovery", end.map(|(_, over)| style.date(over)));
    loadings(&mut thing, loads, style);
    if *class != Class::Shock {
        thing.says(Aspect::Class, "class", class_of(*class, style.language));
    }
    thing
}

/// How far something hangs together with factors.
pub(super) fn loadings(thing: &mut Thing, loads: &[(Name, f64)], style: Style) {
    for (factor, loading) in loads {
        let word = format!("loads.{factor}");
        thing.says_of(Aspect::Loads, factor.as_str(), &word, vec![style.number(*loading)]);
    }
}

pub(super) fn class_of(class: Class, language: Language) -> String {
    language.say(match class {
        Class::Ignorance => &Say::Ignorance,
        Class::Shock => &Say::Shock,
    })
}

/// What a payer has appropriated.
pub(super) fn budget(thing: Thing, id: &Id, budget: &Budget, style: Style) -> Thing {
    let Budget { account, appropriation } = budget;
    let mut thing = thing.table(format!("budget.{id}"));
    thing.may_say(Aspect::Account, "account", account.clone());
    for (year, ore) in appropriation {
        let word = format!("appropriation.{year}");
        thing.says_of(Aspect::InYear, &year.to_string(), &word, vec![style.money(*ore)]);
    }
    thing
}
