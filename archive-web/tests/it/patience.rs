//! Who sends or takes too slowly, too much, or in a way no browser does: cut off in time, and answered in words where there is
//! anybody to answer.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use archive_web::server::Stopper;
use archive_web::{Listening, Protection, ServeError};

use crate::house::House;

/// A server that waits a second for nobody longer.
struct Served {
    _house: House,
    address: SocketAddr,
    stopper: Stopper,
    server: Option<JoinHandle<Result<(), ServeError>>>,
}

const PATIENCE: Duration = Duration::from_secs(1);
/// However busy the machine is, it doesn't take so long to notice.
const LONG: Duration = Duration::from_secs(15);

impl Served {
    fn new() -> Self {
        let house = House::new();
        let listening = Listening::on(SocketAddr::from(([127, 0, 0, 1], 0)), Protection::OnlyHere).unwrap();
        let listening = listening.with_patience(PATIENCE);
        let (address, stopper) = (listening.address(), listening.stopper());
        let site = Arc::clone(&house.site);
        let server = Some(std::thread::spawn(move || listening.serve(&site)));
        let served = Self { _house: house, address, stopper, server };
        assert!(
            served
                .says(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .starts_with("HTTP/1.1 200")
        );
        served
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream.set_write_timeout(Some(LONG)).unwrap();
        stream
    }

    /// What is answered to bytes until the connection ends.
    fn says(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // Hung up on before all of it was sent is an answer as well.
        let _ = stream.write_all(bytes);
        text_of(stream)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stopper.stop();
        let server = self.server.take().unwrap();
        assert!(matches!(server.join(), Ok(Ok(()))) || std::thread::panicking());
    }
}

fn text_of(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    let _ = stream.read_to_end(&mut said);
    String::from_utf8_lossy(&said).into_owned()
}

/// How long it took until the other side hung up.
fn hung_up(mut stream: TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = [0; 4096];
    loop {
        match stream.read(&mut rest) {
            Ok(0) => return begun.elapsed(),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("nobody hung up in {:?}", begun.elapsed())
            }
            Err(_) => return begun.elapsed(),
        }
    }
}

#[test]
fn who_sends_a_head_slowly_is_hung_up_on() {
    let served = Served::new();
    let mut slow = served.connect();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ").unwrap();
    // A letter now and then doesn't buy more time: the whole head must be there.
    let mut other = slow.try_clone().unwrap();
    let drip = std::thread::spawn(move || {
        for _ in 0..100 {
            if other.write_all(b"a").is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    let took = hung_up(slow);
    assert!(took >= PATIENCE / 2 && took < LONG, "{took:?}");
    drip.join().unwrap();
    // And who says nothing at all.
    assert!(hung_up(served.connect()) < LONG);
}

#[test]
fn who_sends_a_body_slowly_is_told_so_and_one_without_end_is_cut_off() {
    let served = Served::new();
    let head = |more: &str| {
        format!(
            "POST /request HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n{more}\r\n\r\n"
        )
    };
    let begun = Instant::now();
    let said = served.says(format!("{}text=a", head("Content-Length: 1000")).as_bytes());
    assert!(said.starts_with("HTTP/1.1 422") && said.contains("太慢"), "{said}");
    assert!(begun.elapsed() < LONG);
    // Said to be huge, and never sent: not waited for, not made room for.
    let said =
        served.says(format!("{}{}", head("Content-Length: 99999999999"), "a".repeat(200_000)).as_bytes());
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 422"), "{said}");
    // In pieces, and without end.
    let mut endless = served.connect();
    endless.write_all(head("Transfer-Encoding: chunked").as_bytes()).unwrap();
    let piece = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    let mut sent = 0_usize;
    while endless.write_all(piece.as_bytes()).is_ok() {
        sent += 0x1000;
        assert!(sent < 64 << 20, "it takes whatever is sent");
    }
}

#[test]
fn who_never_takes_the_answer_loses_it() {
    let served = Served::new();
    let asked = "GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let whole = served.says(asked.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).len();
    // More than the system keeps on the way: several megabytes.
    let times = (32 << 20) / whole;
    let mut deaf = served.connect();
    deaf.set_write_timeout(Some(PATIENCE / 2)).unwrap();
    let mut sent = 0;
    while sent < times && deaf.write_all(asked.as_bytes()).is_ok() {
        sent += 1;
    }
    std::thread::sleep(PATIENCE * 4);
    // Now they listen: what was on its way comes, and then nothing more, as nobody is there.
    let mut got = Vec::new();
    let ended = deaf.read_to_end(&mut got);
    assert!(
        !matches!(&ended, Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)),
        "the connection still stands after {} bytes",
        got.len()
    );
    assert!(got.len() < sent * whole, "all {sent} answers came, {} bytes", got.len());
    // Who takes slowly, and yet takes, gets everything.
    let mut slow = served.connect();
    slow.write_all(asked.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let (mut taken, mut piece) = (0, [0; 1024]);
    loop {
        match slow.read(&mut piece).unwrap() {
            0 => break,
            more => taken += more,
        }
        std::thread::sleep(Duration::from_millis(60));
    }
    assert_eq!(taken, whole);
}

#[test]
fn heads_that_no_browser_sends_get_a_plain_no_and_lead_nowhere() {
    let served = Served::new();
    let status = |head: &str| {
        let said = served.says(format!("{head}\r\nConnection: close\r\n\r\n").as_bytes());
        assert!(!said.contains("panicked"), "{said}");
        said.split(' ').nth(1).unwrap_or("").to_owned()
    };
    let odd = [
        // Two lengths, and a length that isn't one: where a request ends must not be a matter of opinion.
        ("POST /request HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5", &["400"][..]),
        ("POST /request HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1", &["400"]),
        ("POST /request HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e9", &["400"]),
        (
            "POST /request HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, identity",
            &["400", "501", "422"],
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nX A: 1", &["400"]),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: 1\r\n folded", &["400"]),
        ("GET / HTTP/9.9\r\nHost: localhost", &["400"]),
        ("GET / HTTP/1.1", &["400", "404"]),
        ("GET / HTTP/1.0", &["404"]),
        ("GET http://evil.example/staff HTTP/1.1\r\nHost: evil.example", &["404"]),
        ("GET / HTTP/1.1\r\nHost: localhost@evil.example", &["404"]),
        ("GET / HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: localhost", &["404"]),
        ("TRACE / HTTP/1.1\r\nHost: localhost", &["404"]),
        ("CONNECT localhost:22 HTTP/1.1\r\nHost: localhost", &["400", "404"]),
        ("PUT /a/n1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0", &["404"]),
        (
            "GET /staff/people HTTP/1.1\r\nHost: localhost\r\nX-Original-URL: /\r\nX-Forwarded-For: 127.0.0.1\r\nCookie: session=",
            &["303"],
        ),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nX-HTTP-Method-Override: DELETE", &["200"]),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", &["200"]),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x", &["200"]),
        ("GET /assets/style.css HTTP/1.1\r\nHost: localhost\r\nRange: bytes=0-,0-,0-,0-,0-,0-,0-", &["200"]),
        ("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: ,,;;q=0,zh;q=99999,\u{7f}", &["200", "400"]),
        (
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*;q=nan\r\nIf-None-Match: *\r\nIf-Modified-Since: never",
            &["200"],
        ),
        ("GET /\u{0} HTTP/1.1\r\nHost: localhost", &["400"]),
        ("GET /a/\u{9}\u{1b}[31m HTTP/1.1\r\nHost: localhost", &["400"]),
    ];
    for (head, expected) in odd {
        let got = status(head);
        assert!(expected.contains(&got.as_str()), "{head:?}: {got}");
    }
    let cookies =
        format!("GET /staff HTTP/1.1\r\nHost: localhost\r\nCookie: {}", "session=a; ".repeat(2_000));
    assert_eq!(status(&cookies), "303");
    let languages = format!("GET / HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {}", "zh,".repeat(9_000));
    assert_eq!(status(&languages), "200");
}
