//! Who is signed in.
//!
//! Sessions are kept in memory and end with the program. The cookie holds a random name; what is kept is its digest,
//! so that nobody who could read the memory's dump could use it. Each session has a token that its forms
//! must send along, which a page of somebody else can't know.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use archive_core::hex;
use archive_core::people::Role;
use sha2::{Digest, Sha256};

use crate::answer::broken;
use crate::failure::Failure;

/// The cookie's name.
pub(crate) const COOKIE: &str = "session";
/// A session ends after so long without a request.
const IDLE: Duration = Duration::from_mins(30);
/// And after so long in any case.
const LONGEST: Duration = Duration::from_hours(12);
/// So many at once are more than any office has people.
const MOST: usize = 1000;

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Worker {
    /// Their name.
    pub(crate) name: String,
    /// What they may do, as the register of people says at this moment.
    pub(crate) roles: BTreeSet<Role>,
    /// What their forms send along.
    pub(crate) token: String,
}

#[derive(Debug)]
struct Session {
    name: String,
    token: String,
    begun: Instant,
    seen: Instant,
}

/// The sessions there are.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<BTreeMap<String, Session>>);

impl Sessions {
    /// Begins a session and gives what its cookie holds.
    pub(crate) fn begin(&self, name: &str) -> Result<String, Failure> {
        let (cookie, token) = (secret()?, secret()?);
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.is_alive(now));
        if all.len() >= MOST {
            return Err(Failure::TooMany);
        }
        all.insert(digest(&cookie), Session { name: name.to_owned(), token, begun: now, seen: now });
        Ok(cookie)
    }

    /// The name and token of the session a cookie belongs to, if it is still good.
    pub(crate) fn find(&self, cookie: &str) -> Option<(String, String)> {
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let session = all.get_mut(&digest(cookie))?;
        if !session.is_alive(now) {
            all.remove(&digest(cookie));
            return None;
        }
        session.seen = now;
        Some((session.name.clone(), session.token.clone()))
    }

    /// Ends a session.
    pub(crate) fn end(&self, cookie: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(cookie));
    }

    /// Ends all sessions of a person.
    pub(crate) fn end_all_of(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, session| session.name != name);
    }
}

impl Session {
    fn is_alive(&self, now: Instant) -> bool {
        now.duration_since(self.seen) < IDLE && now.duration_since(self.begun) < LONGEST
    }
}

/// 256 random bits, in letters that a cookie can hold.
pub(crate) fn secret() -> Result<String, Failure> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| broken(&error.to_string()))?;
    Ok(hex::encode(&bytes))
}

/// A digest that tells nothing of what it is of.
pub(crate) fn digest(of: &str) -> String {
    hex::encode(&Sha256::digest(of.as_bytes()))
}

/// Whether two secrets are the same, in a time that doesn't tell how much of them is.
pub(crate) fn same(one: &str, other: &str) -> bool {
    digest(one) == digest(other)
}
