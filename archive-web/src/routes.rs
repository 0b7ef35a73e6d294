//! The table of everything that can be asked for: at which address, by whom, and what answers.
//!
//! This is the access matrix. The router is made of it and of nothing else, and the gate asks it before any
//! page does anything. What a record's opening state does is said by [`Shows`]: a page that shows records takes them
//! from the shelves of who asks, or asks [`archive_core::access::may_see`] of the record itself.

use std::collections::BTreeSet;
use std::sync::Arc;

use archive_core::people::Role;
use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::Request;

use crate::answer::Answer;
use crate::assets;
use crate::failure::Failure;
use crate::gate;
use crate::public;
use crate::site::Site;
use crate::staff;
use crate::visit::Visit;

/// How it is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// To look.
    Get,
    /// To change something.
    Post,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anyone,
    /// Whoever works here, to look.
    Staff,
    /// Whoever has one of these roles.
    Roles(&'static [Role]),
}

impl Who {
    /// Lets in, or not, who is signed in with these roles, or a stranger.
    pub(crate) fn admits(self, roles: Option<&BTreeSet<Role>>) -> Result<(), Failure> {
        match (self, roles) {
            (Self::Anyone, _) | (Self::Staff, Some(_)) => Ok(()),
            (_, None) => Err(Failure::SignIn),
            (Self::Roles(needed), Some(has)) => {
                if needed.iter().any(|role| has.contains(role)) {
                    Ok(())
                } else {
                    Err(Failure::Forbidden)
                }
            }
        }
    }
}

/// What a page shows of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// Nothing of any record.
    Nothing,
    /// Lists and counts of what the asker may see.
    Lists,
    /// One record, which the asker may see or which isn't there.
    Record,
}

/// A page's own part: from the house and the request to the answer.
pub(crate) type Handler = fn(&Site, &Visit) -> Result<Answer, Failure>;

/// A line of the table.
pub struct Route {
    /// How it is asked for.
    pub verb: Verb,
    /// Its address, as the router writes it.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
    /// What it shows of records.
    pub shows: Shows,
    pub(crate) to: Handler,
}

impl Route {
    /// The most bytes a form may send here.
    pub(crate) fn most(&self) -> usize {
        let is_long = ["/staff/board", "/staff/stocktake", "/staff/periods"];
        if is_long.iter().any(|path| self.path.starts_with(path)) { 4 << 20 } else { 64 << 10 }
    }
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {} {:?} {:?}", self.verb, self.path, self.who, self.shows)
    }
}

const fn route(verb: Verb, path: &'static str, who: Who, shows: Shows, to: Handler) -> Route {
    Route { verb, path, who, shows, to }
}

use Shows::{Lists, Nothing, Record};
use Verb::{Get, Post};
use Who::{Anyone, Roles, Staff};

/// Who arranges.
pub(crate) const ARRANGES: Who = Roles(&[Role::Archivist, Role::Director]);
/// Who says something of an opening; who decides is judged by the rules besides.
const REVIEWS: Who = Roles(&[Role::Archivist, Role::Reviewer, Role::Director]);
/// Who serves readers.
pub(crate) const SERVES: Who = Roles(&[Role::Clerk, Role::Archivist, Role::Director]);
/// Who keeps the register of people.
const DIRECTS: Who = Roles(&[Role::Director]);

/// Everything there is.
pub static ROUTES: &[Route] = &[
    route(Get, "/", Anyone, Lists, public::search::page),
    route(Get, "/suggest", Anyone, Lists, public::search::suggest),
    route(Get, "/browse", Anyone, Lists, public::browse::all),
    route(Get, "/browse/{fonds}", Anyone, Lists, public::browse::fonds),
    route(Get, "/browse/{fonds}/{year}", Anyone, Lists, public::browse::year),
    route(Get, "/volume/{*address}", Anyone, Lists, public::browse::volume),
    route(Get, "/a/{*address}", Anyone, Record, public::item::page),
    route(Get, "/picture/{page}/{*address}", Anyone, Record, public::picture::picture),
    route(Get, "/request", Anyone, Record, public::request::form),
    route(Post, "/request", Anyone, Record, public::request::send),
    route(Get, "/sign-in", Anyone, Nothing, staff::sign_in::form),
    route(Post, "/sign-in", Anyone, Nothing, staff::sign_in::enter),
    route(Post, "/sign-out", Anyone, Nothing, staff::sign_in::leave),
    route(Get, "/first", Anyone, Nothing, staff::sign_in::first_form),
    route(Post, "/first", Anyone, Nothing, staff::sign_in::first),
    route(Get, "/invited", Anyone, Nothing, staff::sign_in::invited_form),
    route(Post, "/invited", Anyone, Nothing, staff::sign_in::invited),
    route(Get, "/help", Anyone, Nothing, public::search::help),
    route(Get, "/assets/style.css", Anyone, Nothing, assets::style),
    route(Get, "/assets/reading.js", Anyone, Nothing, assets::reading),
    route(Get, "/assets/board.js", Anyone, Nothing, assets::board),
    route(Get, "/staff", Staff, Lists, staff::desk::page),
    route(Get, "/staff/opening", Staff, Lists, staff::opening::list),
    route(Get, "/staff/opening/{id}", Staff, Record, staff::opening::page),
    route(Post, "/staff/opening/{id}", REVIEWS, Record, staff::opening::say),
    route(Get, "/staff/board", Staff, Lists, staff::board::page),
    route(Post, "/staff/board", ARRANGES, Lists, staff::board::apply),
    route(Post, "/staff/board/again", ARRANGES, Lists, staff::board::again),
    route(Get, "/staff/ties", Staff, Lists, staff::ties::page),
    route(Post, "/staff/ties", ARRANGES, Lists, staff::ties::judge),
    route(Get, "/staff/findings", Staff, Lists, staff::findings::page),
    route(Get, "/staff/loans", Staff, Lists, staff::loans::page),
    route(Post, "/staff/loans", SERVES, Lists, staff::loans::act),
    route(Get, "/staff/periods", Staff, Lists, staff::periods::page),
    route(Post, "/staff/periods", ARRANGES, Lists, staff::periods::act),
    route(Get, "/staff/disposal", Staff, Lists, staff::disposal::all),
    route(Post, "/staff/disposal", ARRANGES, Lists, staff::disposal::begin),
    route(Get, "/staff/disposal/{number}", Staff, Lists, staff::disposal::page),
    route(Post, "/staff/disposal/{number}", ARRANGES, Lists, staff::disposal::act),
    route(Get, "/staff/disposal/{number}/{format}", Staff, Lists, staff::disposal::print),
    route(Get, "/staff/storeroom", Staff, Lists, staff::storeroom::page),
    route(Post, "/staff/storeroom", SERVES, Lists, staff::storeroom::act),
    route(Get, "/staff/storeroom/{room}", Staff, Nothing, staff::storeroom::room),
    route(Post, "/staff/storeroom/{room}", SERVES, Nothing, staff::storeroom::act_in_room),
    route(Post, "/staff/stocktake", SERVES, Lists, staff::stocktake::begin),
    route(Get, "/staff/stocktake/{number}", Staff, Lists, staff::stocktake::page),
    route(Post, "/staff/stocktake/{number}", SERVES, Lists, staff::stocktake::act),
    route(Get, "/staff/forms", Staff, Lists, staff::forms::page),
    route(Get, "/staff/forms/{year}/{form}/{format}", Staff, Lists, staff::forms::print),
    route(Get, "/staff/audit", Staff, Lists, staff::audit::page),
    route(Get, "/staff/requests", Staff, Lists, staff::requests::page),
    route(Post, "/staff/requests", SERVES, Lists, staff::requests::answer),
    route(Get, "/staff/people", Staff, Nothing, staff::people::page),
    route(Post, "/staff/people", DIRECTS, Nothing, staff::people::act),
];

/// The router, made of the table.
pub(crate) fn router(site: &Arc<Site>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let house = Arc::clone(site);
        let answer = move |request: Request<Body>| gate::enter(Arc::clone(&house), route, request);
        router = router.route(
            route.path,
            match route.verb {
                Verb::Get => get(answer),
                Verb::Post => post(answer),
            },
        );
    }
    let (one, other) = (Arc::clone(site), Arc::clone(site));
    router
        .fallback(move |request| gate::nowhere(Arc::clone(&one), request))
        .method_not_allowed_fallback(move |request| gate::nowhere(Arc::clone(&other), request))
}
