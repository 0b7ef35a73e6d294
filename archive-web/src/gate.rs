//! The gate: every request comes through here, and every answer goes back through here.
//!
//! A request is made into a `Visit` (who asks is settled before anything is looked up), held against its route's
//! line in the table, and only then given to its page. Every answer gets the same headers: nothing from outside,
//! nothing in frames, nothing kept.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use archive_core::text::{Lang, Text};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequestParts as _, RawPathParams};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response, Uri};

use crate::answer::{Answer, segment};
use crate::failure::Failure;
use crate::frame::Frame;
use crate::routes::{Route, Verb};
use crate::sessions;
use crate::site::Site;
use crate::visit::Visit;

/// The longest query: links of a page repeat it, so that a long one would make the page as much longer as it has links.
const QUERY: usize = 8 << 10;
/// How long the body of a request may take to come that came over no connection.
const PATIENCE: Duration = Duration::from_secs(15);
/// The connection a request came by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer {
    /// The address it came from, as the server saw it.
    pub(crate) address: SocketAddr,
    /// How long is waited there for what is to come.
    pub(crate) patience: Duration,
}
/// Marks a request for the JSON twin, after `.json` was taken off its path.
#[derive(Debug, Clone, Copy)]
struct Twin;

/// Takes `.json` off the path: the twin of a page is the page, said otherwise.
pub(crate) fn untwin(mut request: Request<Body>) -> Request<Body> {
    let uri = request.uri().clone();
    let Some(path) = uri.path().strip_suffix(".json") else { return request };
    let path = if path.is_empty() || path == "/index" { "/" } else { path };
    let whole = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    if let Ok(path) = whole.parse::<Uri>() {
        *request.uri_mut() = path;
        request.extensions_mut().insert(Twin);
    }
    request
}

/// Answers a request for which there is a route.
pub(crate) async fn enter(site: Arc<Site>, route: &'static Route, request: Request<Body>) -> Response<Body> {
    let (mut parts, body) = request.into_parts();
    let open = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(found) => found.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        // A path that is no text is the path of nothing.
        Err(_) => return turned_away(site, parts, Failure::NotFound),
    };
    let form = match read_form(route, &parts, body).await {
        Ok(form) => form,
        Err(failure) => return turned_away(site, parts, failure),
    };
    let work = move || {
        let (mut visit, mut failure) = begin(&site, &parts, open, form);
        let answer = match failure.take() {
            Some(failure) => Err(failure),
            None => allowed(&site, route, &parts, &mut visit).and_then(|()| (route.to)(&site, &visit)),
        };
        finish(&site, &parts, &visit, answer)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(response) => response,
        Err(_) => with_headers(Answer::of(500, "text/plain; charset=utf-8", b"500".to_vec()).into_response()),
    }
}

/// Answers a request for which there is none.
pub(crate) async fn nowhere(site: Arc<Site>, request: Request<Body>) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let work = move || turned_away(site, parts, Failure::NotFound);
    match tokio::task::spawn_blocking(work).await {
        Ok(response) => response,
        Err(_) => with_headers(Answer::of(500, "text/plain; charset=utf-8", b"500".to_vec()).into_response()),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the request ends here")]
fn turned_away(site: Arc<Site>, parts: Parts, failure: Failure) -> Response<Body> {
    let (visit, _) = begin(&site, &parts, Vec::new(), Vec::new());
    finish(&site, &parts, &visit, Err(failure))
}

async fn read_form(route: &Route, parts: &Parts, body: Body) -> Result<Vec<(String, String)>, Failure> {
    if route.verb == Verb::Get {
        return Ok(Vec::new());
    }
    let media_type = text_of(&parts.headers, &header::CONTENT_TYPE).unwrap_or_default();
    if !media_type.starts_with("application/x-www-form-urlencoded") {
        return Err(Failure::refused(Text::fixed("请用表单提交", "send it as a form")));
    }
    let patience = parts.extensions.get::<Peer>().map_or(PATIENCE, |peer| peer.patience);
    match tokio::time::timeout(patience, to_bytes(body, route.most())).await {
        Ok(Ok(bytes)) => Ok(form_urlencoded::parse(&bytes).into_owned().collect()),
        Ok(Err(_)) => Err(Failure::refused(Text::fixed("提交的内容太大", "what was sent is too large"))),
        Err(_) => Err(Failure::refused(Text::fixed("提交得太慢", "what was sent came too slowly"))),
    }
}

/// Who asks, and what for. What can't be settled leaves a stranger, and says why.
fn begin(
    site: &Site,
    parts: &Parts,
    open: Vec<(String, String)>,
    form: Vec<(String, String)>,
) -> (Visit, Option<Failure>) {
    let uri = &parts.uri;
    let asked = uri.query().unwrap_or_default();
    let is_long = asked.len() > QUERY;
    let query: Vec<(String, String)> =
        if is_long { Vec::new() } else { form_urlencoded::parse(asked.as_bytes()).into_owned().collect() };
    let accept = text_of(&parts.headers, &header::ACCEPT).unwrap_or_default();
    let mut visit = Visit {
        here: uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
        lang: language(site, parts, &query),
        wants_json: parts.extensions.get::<Twin>().is_some()
            || (accept.contains("application/json") && !accept.contains("text/html")),
        from: from(site, parts),
        cookie: cookie(&parts.headers, sessions::COOKIE),
        worker: None,
        now: (site.settings.clock)(),
        house: site.house.clone(),
        waiting: 0,
        parts: open,
        query,
        form,
    };
    if !knows_host(site, parts) {
        return (visit, Some(Failure::NotFound));
    }
    if is_long {
        return (
            visit,
            Some(Failure::Refused(
                Text::fixed("网址太长", "the address is too long"),
                Text::fixed("请减少筛选条件，或缩短检索词", "take filters away, or ask for less"),
            )),
        );
    }
    match visit.cookie.as_deref().map(|cookie| site.worker(cookie)) {
        None => {}
        Some(Ok(worker)) => visit.worker = worker,
        Some(Err(failure)) => return (visit, Some(failure)),
    }
    if visit.worker.is_some() && !visit.wants_json {
        let waiting = site.read(|repository| Ok(repository.reader_requests(true)?.len()));
        visit.waiting = waiting.unwrap_or_default();
    }
    (visit, None)
}

/// Whether the table lets this visitor in.
fn allowed(site: &Site, route: &Route, parts: &Parts, visit: &mut Visit) -> Result<(), Failure> {
    let _ = site;
    if route.verb == Verb::Post {
        if !comes_from_here(parts) {
            return Err(Failure::Forbidden);
        }
        if let Some(worker) = &visit.worker
            && !sessions::same(visit.field("token"), &worker.token)
        {
            return Err(Failure::Forbidden);
        }
    }
    route.who.admits(visit.worker.as_ref().map(|worker| &worker.roles))
}

fn finish(site: &Site, parts: &Parts, visit: &Visit, answer: Result<Answer, Failure>) -> Response<Body> {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => {
            if let Failure::Broken(why) = &failure {
                (site.settings.log)(why);
            }
            told(visit, parts, &failure)
        }
    };
    let mut response = answer.into_response();
    if let Some(lang) = visit.asked("lang").and_then(|word| word.parse::<Lang>().ok()) {
        let word = if lang == Lang::En { "en" } else { "zh" };
        let cookie = format!("lang={word}; Path=/; Max-Age=31536000; SameSite=Lax");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    with_headers(response)
}

/// A failure as it is told: to a person a page, to a program a document. Neither says where it was met, so that
/// what may not be seen is answered as what isn't there.
fn told(visit: &Visit, parts: &Parts, failure: &Failure) -> Answer {
    if matches!(failure, Failure::SignIn) && parts.method == Method::GET && !visit.wants_json {
        return Answer::see(&format!("/sign-in?next={}", segment(&visit.here)));
    }
    let (message, help) = (failure.message(), failure.help());
    if visit.wants_json {
        #[derive(serde::Serialize)]
        struct Told<'a> {
            kind: &'static str,
            message: &'a str,
            help: &'a str,
        }
        #[derive(serde::Serialize)]
        struct Document<'a> {
            error: Told<'a>,
        }
        let error = Told {
            kind: failure.kind(),
            message: message.in_lang(visit.lang),
            help: help.in_lang(visit.lang),
        };
        if let Ok(answer) = Answer::json(failure.status(), &Document { error }) {
            return answer;
        }
    }
    #[derive(askama::Template)]
    #[template(path = "message.html")]
    struct Message {
        frame: Frame,
        status: u16,
        message: String,
        help: String,
        /// What was typed and isn't saved, so that nobody types it twice.
        typed: Vec<(String, String)>,
        /// The page the form stood on.
        back: Option<String>,
    }
    let stranger = Visit { here: String::new(), ..visit.clone() };
    let page = Message {
        frame: stranger.frame(&message),
        status: failure.status(),
        message: visit.say(&message),
        help: visit.say(&help),
        typed: if failure.is_about_a_form() { typed(visit) } else { Vec::new() },
        back: back(parts).filter(|_| failure.is_about_a_form()),
    };
    Answer::html(failure.status(), &page)
        .unwrap_or_else(|_| Answer::of(500, "text/plain; charset=utf-8", b"500".to_vec()))
}

/// What somebody wrote into the fields of a form where people write sentences.
fn typed(visit: &Visit) -> Vec<(String, String)> {
    const WRITTEN: [(&str, Text); 12] = [
        ("text", Text::fixed("内容", "Text")),
        ("reason", Text::fixed("理由", "Reason")),
        ("purpose", Text::fixed("用途", "Purpose")),
        ("title", Text::fixed("事由", "About")),
        ("note", Text::fixed("说明", "Note")),
        ("damage", Text::fixed("破损", "Damage")),
        ("borrower", Text::fixed("借阅人", "Borrower")),
        ("volume", Text::fixed("档号", "Code")),
        ("codes", Text::fixed("档号", "Codes")),
        ("name", Text::fixed("姓名或名称", "Name")),
        ("contact", Text::fixed("联系方式", "Contact")),
        ("supervisors", Text::fixed("监销人", "Supervisors")),
    ];
    // What was typed to come in is nobody's to read over a shoulder, and tells nothing of who is known.
    if visit.form.iter().any(|(name, _)| name == "password") {
        return Vec::new();
    }
    WRITTEN
        .iter()
        .map(|(name, word)| (visit.say(word), visit.field(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}

/// The page of this house that a form was sent from, as the browser tells it.
fn back(parts: &Parts) -> Option<String> {
    let host = text_of(&parts.headers, &header::HOST)?;
    let from = text_of(&parts.headers, &header::REFERER)?;
    let path = from.split_once("://")?.1.strip_prefix(host)?;
    (path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')).then(|| path.to_owned())
}

/// The reader's language: asked for, kept, told by the browser, or the house's.
fn language(site: &Site, parts: &Parts, query: &[(String, String)]) -> Lang {
    let asked = query.iter().find(|(name, _)| name == "lang").map(|(_, value)| value.clone());
    let told = || text_of(&parts.headers, &header::ACCEPT_LANGUAGE).map(str::to_owned);
    let first = |list: String| list.split([',', ';']).next().and_then(|word| word.trim().parse().ok());
    asked
        .and_then(|word| word.parse().ok())
        .or_else(|| cookie(&parts.headers, "lang").and_then(|word| word.parse().ok()))
        .or_else(|| told().and_then(first))
        .unwrap_or(site.settings.lang)
}

/// Where a request comes from: what the proxy says, where one stands before this server.
fn from(site: &Site, parts: &Parts) -> IpAddr {
    let peer =
        parts.extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.address.ip());
    if !site.settings.behind_proxy {
        return peer;
    }
    // Only the last name was written by our own proxy; those before it are anybody's.
    let told = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    told.and_then(|list| list.rsplit(',').next()?.trim().parse().ok()).unwrap_or(peer)
}

/// In the open this server is reached by its own names only: a name of somebody else that leads here is a trick
/// to make a browser believe that their page is ours. With TLS the certificate says which names are ours.
fn knows_host(site: &Site, parts: &Parts) -> bool {
    if site.settings.is_secure() {
        return true;
    }
    let Some(host) = text_of(&parts.headers, &header::HOST) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|ch| ch.is_ascii_digit()) => name,
        _ => host,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

/// Whether a form was sent from a page of this house: browsers say so of every form.
fn comes_from_here(parts: &Parts) -> bool {
    let told = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    if told("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let host = text_of(&parts.headers, &header::HOST).unwrap_or_default();
    told("origin").is_none_or(|origin| origin.split_once("://").is_some_and(|(_, name)| name == host))
}

fn text_of<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// A cookie by its name.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

/// What every answer says to the browser: nothing but ours is loaded, run, framed or sent.
fn with_headers(mut response: Response<Body>) -> Response<Body> {
    const ALWAYS: [(&str, &str); 6] = [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in ALWAYS {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
