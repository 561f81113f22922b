"""The errors of Twilio's REST API: code, HTTP status and text."""

from __future__ import annotations

from typing import Any

#: code → (HTTP status, text); {0} is the value that was refused.
ERRORS = {
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {0} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    21211: (400, "Invalid 'To' Phone Number: {0}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "'From' {0} is not a Twilio phone number of your account that can send SMS."),
    21609: (400, "The 'StatusCallback' URL {0} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21701: (404, "The Messaging Service {0} does not exist"),
    21910: (400, "Invalid From and To pair. From and To should be of the same channel"),
}

#: What Twilio adds to a text that was accepted and then failed.
FAILURES = {
    30003: "Unreachable destination handset",
    63016: "Failed to send freeform message because you are outside the allowed window",
    21610: "Attempt to send to unsubscribed recipient",
}


class ApiError(Exception):
    """A refusal, with the body that Twilio gives it."""

    def __init__(self, code: int, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status, text = ERRORS[code]
        self.message = text.format(value)

    def body(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
