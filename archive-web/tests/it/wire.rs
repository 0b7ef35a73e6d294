//! The server on a real address: slow senders, huge heads, and a clean end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use archive_web::{Listening, ServeError};

use crate::house::House;

fn say(address: SocketAddr, what: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(what.as_bytes()).unwrap();
    stream
}

fn answer(mut stream: TcpStream) -> String {
    let mut said = String::new();
    let _ = stream.read_to_string(&mut said);
    said
}

#[test]
fn slow_senders_and_huge_heads_keep_nobody_else_waiting_and_the_end_is_clean() {
    let house = House::new();
    let listening = Listening::on(SocketAddr::from(([127, 0, 0, 1], 0)), false).unwrap();
    let (address, stopper) = (listening.address(), listening.stopper());
    let site = Arc::clone(&house.site);
    let server = std::thread::spawn(move || listening.serve(&site));

    let slow: Vec<TcpStream> =
        (0..60).map(|_| say(address, "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ")).collect();
    let begun = Instant::now();
    let served = answer(say(address, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    assert!(served.starts_with("HTTP/1.1 200"), "{served}");
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());

    let huge = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-A: {}\r\n\r\n", "a".repeat(100_000));
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may hang up before all of it was sent.
    let _ = stream.write_all(huge.as_bytes());
    let said = answer(stream);
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said}");
    let many = "X-A: 1\r\n".repeat(500);
    let said = answer(say(address, &format!("GET / HTTP/1.1\r\nHost: localhost\r\n{many}\r\n")));
    assert!(said.starts_with("HTTP/1.1 431"), "{said}");
    let said = answer(say(
        address,
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ));
    assert!(said.starts_with("HTTP/1.1 400"), "{said}");
    assert!(answer(say(address, "\u{0}\u{1}\u{2}\r\n\r\n")).starts_with("HTTP/1.1 400"));

    let begun = Instant::now();
    stopper.stop();
    server.join().unwrap().unwrap();
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    drop(slow);
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn an_address_others_can_reach_is_refused_without_a_proxy() {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    assert!(matches!(Listening::on(everywhere, false), Err(ServeError::Unprotected(_))));
    assert!(Listening::on(everywhere, true).is_ok());
}
