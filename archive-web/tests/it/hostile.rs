//! What nobody should send, and somebody will.

use archive_core::people::Role;
use axum::body::Body;
use http::Request;

use crate::house::{House, PASSWORD, State, segment};

fn get(house: &House, path: &str, headers: &[(&str, &str)]) -> crate::house::Answer {
    let mut request = Request::get(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", "localhost:8080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    house.ask(request.body(Body::empty()).unwrap())
}

#[test]
fn tricks_with_paths_lead_nowhere() {
    let house = House::new();
    for path in [
        "/../archive.toml",
        "/a/..%2f..%2farchive.toml",
        "/picture/1/..%2f..%2f..%2fetc%2fpasswd",
        "/assets/..%2fstyle.css",
        "/assets/%2e%2e/accounts.json",
        "//staff",
        "/staff%2fpeople",
        "/STAFF",
        "/a/%00",
        "/a/%ff%fe",
        "/picture/99999999999999999999/x",
        "/picture/-1/n1",
        "/browse/J019/99999999999999999999",
        "/accounts.json",
        "/catalogue.db",
    ] {
        let answer = get(&house, path, &[]);
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.text().contains("password"), "{path}");
    }
}

#[test]
fn every_answer_forbids_what_isn_t_ours_and_being_kept_or_framed() {
    let house = House::new();
    for path in ["/", "/nowhere", "/browse.json", "/staff", "/assets/style.css"] {
        let answer = get(&house, path, &[]);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        if !path.starts_with("/assets") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
    }
}

#[test]
fn a_name_of_somebody_else_that_leads_here_is_not_ours() {
    let house = House::new();
    assert_eq!(get(&house, "/", &[("host", "evil.example")]).status, 404);
    assert_eq!(get(&house, "/", &[("host", "localhost.evil.example:80")]).status, 404);
    assert_eq!(get(&house, "/", &[("host", "[::1]:8080")]).status, 200);
}

#[test]
fn a_form_from_elsewhere_or_without_its_token_changes_nothing() {
    let house = House::new();
    let fields = "what=arrange&version=x";
    house.get(Some(Role::Director), "/staff");
    // Signed in, but without the token.
    let answer = house.post(None, "/staff/board/again", &[("what", "arrange")]);
    assert_eq!(answer.status, 401);
    for (name, value) in
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("origin", "null")]
    {
        let request = Request::post("/request")
            .header("host", "localhost")
            .header("content-type", "application/x-www-form-urlencoded")
            .header(name, value);
        assert_eq!(house.ask(request.body(Body::from(fields)).unwrap()).status, 403, "{name}: {value}");
    }
    let answer = house.post(Some(Role::Director), "/staff/people", &[("token", "wrong"), ("name", "外人")]);
    assert_eq!(answer.status, 403, "the first token counts, and it is wrong");
}

#[test]
fn a_body_that_is_too_large_or_no_form_is_refused() {
    let house = House::new();
    let huge = "text=".to_owned() + &"长".repeat(40_000);
    let request = Request::post("/request")
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(house.ask(request.body(Body::from(huge)).unwrap()).status, 422);
    let request =
        Request::post("/sign-in").header("host", "localhost").header("content-type", "application/json");
    assert_eq!(house.ask(request.body(Body::from("{}")).unwrap()).status, 422);
    let request = Request::delete("/a/n1").header("host", "localhost");
    assert_eq!(house.ask(request.body(Body::empty()).unwrap()).status, 404);
}

#[test]
fn what_looks_like_a_script_is_text() {
    let house = House::new();
    let attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    for path in [
        format!("/?q={}", segment(attack)),
        format!("/?q=%E9%98%B2&year={}", segment(attack)),
        format!("/a/{}", segment(attack)),
        format!("/sign-in?next={}", segment(attack)),
        format!("/?q=%E9%98%B2&{}=1", segment(attack)),
    ] {
        let answer = get(&house, &path, &[]);
        assert!(!answer.text().contains("<script>alert"), "{path}");
        assert!(!answer.text().contains("<img src=x"), "{path}");
    }
    let address = house.address(State::Open);
    let sent = house.post(
        None,
        "/request",
        &[("about", &address), ("kind", "copy"), ("name", attack), ("contact", attack), ("text", attack)],
    );
    assert_eq!(sent.status, 200, "{}", sent.text());
    let page = house.get(Some(Role::Clerk), "/staff/requests").text();
    assert!(page.contains("&lt;script&gt;") || page.contains("&#60;script&#62;"), "{page}");
    assert!(!page.contains("<script>alert") && !page.contains("<img src=x"));
}

#[test]
fn signing_in_never_leads_away_and_wrong_guesses_lock_the_name() {
    let house = House::new();
    house.get(Some(Role::Director), "/staff");
    let try_with = |password: &str, next: &str| {
        house.post(None, "/sign-in", &[("name", "王主任"), ("password", password), ("next", next)])
    };
    let answer = try_with(PASSWORD, "//evil.example/");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let answer = try_with(PASSWORD, "https://evil.example/");
    assert_eq!(answer.header("location"), Some("/"));
    let nobody = house.post(None, "/sign-in", &[("name", "没有的人"), ("password", "错的密码错的密码")]);
    let wrong = try_with("错的密码错的密码", "/");
    assert_eq!(
        (nobody.status, nobody.text()),
        (wrong.status, wrong.text()),
        "a name can't be told from a password"
    );
    for _ in 0..4 {
        assert_eq!(try_with("错的密码错的密码", "/").status, 422);
    }
    assert_eq!(try_with(PASSWORD, "/").status, 429, "locked, even with the right one");
}

#[test]
fn queries_that_cost_too_much_or_make_no_sense_are_told_so() {
    let house = House::new();
    for query in ["(((((((", "\"", "NOT x", &"a".repeat(5_000), "题名:", "*", "年度:abcd"] {
        let answer = get(&house, &format!("/?q={}", segment(query)), &[]);
        assert_eq!(answer.status, 200, "{query}");
    }
    assert_eq!(get(&house, "/?q=%E9%98%B2&from=99999999999", &[]).status, 200);
    assert_eq!(get(&house, "/?q=%FF%FE", &[]).status, 200);
}

#[test]
fn requests_of_readers_can_t_flood_the_office() {
    let house = House::new();
    let ask = || house.post(None, "/request", &[("kind", "comment"), ("text", "很好")]).status;
    let answers: Vec<u16> = (0..12).map(|_| ask()).collect();
    assert!(answers[..10].iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(answers[11], 429);
}

#[test]
fn what_is_odd_long_or_deep_is_answered_soon_and_never_with_a_defect() {
    let house = House::new();
    let begun = std::time::Instant::now();
    let deep = "/a".repeat(3_000);
    let dots = "../".repeat(2_000);
    let long = "a".repeat(28_000);
    let facets = (0..2_500).map(|one| format!("&body=b{one}")).collect::<Vec<_>>().concat();
    let years = (1_000..3_500).map(|year| format!("&year={year}")).collect::<Vec<_>>().concat();
    let han = segment(&"汉".repeat(3_000));
    let nested = segment(&format!("{}防汛{}", "(".repeat(140), ")".repeat(140)));
    let quotes = segment(&"\"防\" OR NOT ".repeat(20));
    let unicode = segment("\u{202e}\u{200b}\u{feff}e\u{301}\u{1f9d1}\u{200d}\u{1f9d1}\u{fffd}\u{10ffff}𠮷㐀");
    let combined = segment(&format!("防{}", "\u{301}".repeat(290)));
    for path in [
        deep.clone(),
        format!("/a/{deep}"),
        format!("/volume/{deep}"),
        format!("/browse/{}", "x/".repeat(3_000)),
        format!("/picture/1/{dots}"),
        format!("/a/{long}"),
        format!("/a/{long}.json"),
        format!("/?q={long}"),
        format!("/?{}", "q&".repeat(9_000)),
        format!("/?{}", "&=&=".repeat(5_000)),
        format!("/?q=%E9%98%B2{facets}"),
        format!("/?q=%E5%B7%A5%E4%BD%9C{}", &facets[..8_000]),
        format!("/?q=%E9%98%B2{years}"),
        format!("/.json?q=%E5%B7%A5%E4%BD%9C{facets}"),
        format!("/?q={han}"),
        format!("/?q={nested}"),
        format!("/?q={quotes}"),
        format!("/?q={unicode}"),
        format!("/?q={combined}"),
        format!("/suggest?q={han}"),
        format!("/suggest?q={unicode}"),
        "/?q=%E9%98%B2&from=18446744073709551615".into(),
        "/?q=%E9%98%B2&from=-1".into(),
        "/?q=%E9%98%B2&sort=%00".into(),
        "/?q=年度:99999999999..-1".replace('年', "%E5%B9%B4").replace('度', "%E5%BA%A6"),
        "/browse?from=18446744073709551615".into(),
        "/browse/J019?from=18446744073709551615".into(),
        "/browse/J019/1970?from=18446744073709551615".into(),
        "/browse/J019/-2147483648".into(),
        "/a/n18446744073709551616".into(),
        "/a/n-1".into(),
        format!("/request?about={long}"),
        format!("/sign-in?next={long}"),
        format!("/help?lang={long}"),
        "/help?lang=%00".into(),
        "/.json.json.json".into(),
        "/.json/staff".into(),
    ] {
        for role in [None, Some(Role::Director)] {
            let answer = house.get(role, &path);
            assert!(
                matches!(answer.status, 200 | 404 | 422),
                "{}: {}",
                &path[..path.len().min(120)],
                answer.status
            );
        }
    }
    for path in [
        "/staff/opening?from=",
        "/staff/audit?until=",
        "/staff/board?from=",
        "/staff/ties?from=",
        "/staff/findings?from=",
        "/staff/periods?by=",
    ] {
        for value in ["18446744073709551615", "-1", "9999-99-99", "%00", "a", "99999999999999999999999"] {
            assert_eq!(
                house.get(Some(Role::Director), &format!("{path}{value}")).status,
                200,
                "{path}{value}"
            );
        }
    }
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}
