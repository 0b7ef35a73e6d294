//! Coming in: the first account, invitations, names and passwords.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use archive_core::people::{Person, Role};
use archive_core::text;
use archive_core::text::Text;
use archive_store::{Account, Repository};
use askama::Template;
use serde::Serialize;

use crate::accounts;
use crate::answer::Answer;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::sessions::{self, COOKIE};
use crate::site::Site;
use crate::version::Version;
use crate::visit::Visit;

/// Which form it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    SignIn,
    First,
    Invited,
}

#[derive(Template, Serialize)]
#[template(path = "staff/sign_in.html")]
struct Page {
    #[serde(skip)]
    frame: Frame,
    form: Form,
    #[serde(skip)]
    next: String,
    #[serde(skip)]
    first_is_awaited: bool,
}

impl Page {
    fn is_sign_in(&self) -> bool {
        self.form == Form::SignIn
    }

    fn action(&self) -> &'static str {
        match self.form {
            Form::SignIn => "/sign-in",
            Form::First => "/first",
            Form::Invited => "/invited",
        }
    }
}

fn page(site: &Site, visit: &Visit, form: Form, title: &Text) -> Result<Answer, Failure> {
    let page = Page {
        frame: visit.frame(title),
        form,
        next: visit.asked("next").unwrap_or("/staff").to_owned(),
        first_is_awaited: site.first_code().is_some(),
    };
    visit.show(&page, &page)
}

/// The form for name and password.
pub(crate) fn form(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    page(site, visit, Form::SignIn, &Text::fixed("登录", "Sign in"))
}

/// What is said of a wrong name and of a wrong password alike.
fn wrong() -> Failure {
    Failure::Refused(
        Text::fixed("姓名或密码不对", "name or password is wrong"),
        Text::fixed(
            "请再试；连续输错会锁定一刻钟",
            "please try again; too many mistakes lock the name for a quarter of an hour",
        ),
    )
}

/// Checks name and password, and begins a session.
pub(crate) fn enter(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let typed: String = visit.field("name").chars().take(80).collect();
    if typed.is_empty() {
        return Err(wrong());
    }
    let (name, account) = site.read(|repository| {
        let name = repository.people()?.resolve(&typed).unwrap_or_default();
        let account = repository.accounts()?.remove(&name);
        Ok((name, account))
    })?;
    // Counted before it is tried: of many guesses sent at once no more are tried than one after another. Whoever has
    // two names has one account, and so one count.
    let guess = Guess::of(site, visit, if name.is_empty() { &typed } else { &name })?;
    let hash = account.and_then(|account| account.password);
    if !accounts::is_right(visit.field("password"), hash.as_deref())? {
        return Err(wrong());
    }
    guess.was_right();
    begin(site, visit, &name)
}

/// A guess at a password or code, counted against its name and its address until it proves right.
struct Guess<'a> {
    site: &'a Site,
    name: String,
    from: String,
}

impl<'a> Guess<'a> {
    fn of(site: &'a Site, visit: &Visit, name: &str) -> Result<Self, Failure> {
        let guess = Self { site, name: name.to_owned(), from: visit.from.to_string() };
        if site.by_address.count(&guess.from) || site.by_name.count(&guess.name) {
            return Err(Failure::TooMany);
        }
        Ok(guess)
    }

    /// It was who they said: their name's mistakes are forgotten, and this wasn't one of their address.
    fn was_right(self) {
        self.site.by_name.forget(&self.name);
        self.site.by_address.give_back(&self.from);
    }
}

fn begin(site: &Site, visit: &Visit, name: &str) -> Result<Answer, Failure> {
    if let Some(old) = &visit.cookie {
        site.sessions.end(old);
    }
    let secret = site.sessions.begin(name)?;
    let secure = if site.settings.is_secure() { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}");
    let next = visit.field("next");
    let next = if next.is_empty() { "/staff" } else { next };
    Ok(visit.done(next, &Text::fixed("已登录", "signed in"))?.with_cookie(cookie))
}

/// Ends the session.
pub(crate) fn leave(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    if let Some(cookie) = &visit.cookie {
        site.sessions.end(cookie);
    }
    let gone = format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict");
    Ok(visit.done("/", &Text::fixed("已退出", "signed out"))?.with_cookie(gone))
}

/// The form for the first account; afterwards there is no such page.
pub(crate) fn first_form(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    if site.first_code().is_none() {
        return Err(Failure::NotFound);
    }
    page(site, visit, Form::First, &Text::fixed("建立第一个账户", "Make the first account"))
}

/// Makes the first account, for who can read the terminal: a director, if nobody is registered yet.
pub(crate) fn first(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    if site.first_code().is_none() {
        return Err(Failure::NotFound);
    }
    if site.by_address.count(&visit.from.to_string()) {
        return Err(Failure::TooMany);
    }
    let name = visit.needed("name", &Text::fixed("姓名", "the name"), 60)?;
    accounts::judge(visit.field("password"), visit.field("again"))?;
    let mut code = site.first_code.lock().unwrap_or_else(PoisonError::into_inner);
    if !code.as_deref().is_some_and(|code| accounts::is_same_code(visit.field("code"), code)) {
        return Err(wrong_code());
    }
    let password = accounts::hash(visit.field("password"))?;
    let name = site.write_alone(|repository| {
        let people = repository.people()?;
        let name = if people.is_kept() {
            people.resolve_worker(&name).map_err(|nobody| Failure::refused(nobody.message()))?
        } else {
            let change = repository.begin(&name, "serve", visit.now)?;
            let roles = [Role::Director, Role::Archivist, Role::Clerk];
            change.add_person(&Person::new(name.as_str(), roles, visit.today()))?;
            change.commit()?;
            name
        };
        let mut all = repository.accounts()?;
        all.insert(name.clone(), Account { password: Some(password), ..Account::default() });
        repository.keep_accounts(&all)?;
        Ok(name)
    })?;
    *code = None;
    drop(code);
    begin(site, visit, &name)
}

fn wrong_code() -> Failure {
    Failure::Refused(
        Text::fixed("一次性代码不对，或已失效", "the one-time code is wrong, or no longer good"),
        Text::fixed(
            "第一个账户的代码见启动本服务的终端；其他人的由负责人给",
            "the first account's code stands in the terminal this service was started in; others have theirs from the director",
        ),
    )
}

/// The form for who was invited.
pub(crate) fn invited_form(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    page(site, visit, Form::Invited, &Text::fixed("用一次性代码设密码", "Choose a password with your code"))
}

/// Sets the password of who was invited.
pub(crate) fn invited(site: &Site, visit: &Visit) -> Result<Answer, Failure> {
    let typed = visit.needed("name", &Text::fixed("姓名", "the name"), 60)?;
    accounts::judge(visit.field("password"), visit.field("again"))?;
    let guess = Guess::of(site, visit, &typed)?;
    let now = visit.now.timestamp();
    let good = |account: &Account| {
        account.code_until.is_some_and(|until| now <= until)
            && accounts::is_code(visit.field("code"), account.code.as_deref())
    };
    let known = site.read(|repository| {
        let name = repository.people()?.resolve(&typed).unwrap_or_default();
        Ok((repository.accounts()?.get(&name).is_some_and(good), name))
    })?;
    let (true, name) = known else { return Err(wrong_code()) };
    guess.was_right();
    let password = accounts::hash(visit.field("password"))?;
    site.write_alone(|repository| {
        let mut all = repository.accounts()?;
        // Looked at again: of two who send the same code at once, one comes in.
        if !all.get(&name).is_some_and(good) {
            return Err(wrong_code());
        }
        all.insert(name.clone(), Account { password: Some(password), ..Account::default() });
        Ok(repository.keep_accounts(&all)?)
    })?;
    site.sessions.end_all_of(&name);
    begin(site, visit, &name)
}

/// Invites somebody: gives the code they choose their password with. Who is at work here already gets a new one; their
/// roles are changed by a form of their own, which knows what they were.
pub(crate) fn invite(
    site: &Site,
    visit: &Visit,
    name: &str,
    roles: &BTreeSet<Role>,
) -> Result<String, Failure> {
    let code = accounts::code()?;
    let present =
        site.read(|repository| Ok(repository.people()?.named(name).is_some_and(Person::is_present)))?;
    if present && !roles.is_empty() {
        return Err(Failure::refused(text!(
            "名册中已有“{name}”；角色在名册里改",
            "{name} is on the register already: change the roles there"
        )));
    }
    if !present {
        let new = |_: &Repository| Ok(Version::of_something_new());
        site.change(visit, new, |change| {
            Ok(change.add_person(&Person::new(name, roles.iter().copied(), visit.today()))?)
        })?;
    }
    site.write_alone(|repository| {
        let mut all = repository.accounts()?;
        let account = all.entry(name.to_owned()).or_default();
        account.code = Some(sessions::digest(&accounts::plain(&code)));
        account.code_until = Some(visit.now.timestamp() + accounts::INVITED);
        Ok(repository.keep_accounts(&all)?)
    })?;
    Ok(code)
}
