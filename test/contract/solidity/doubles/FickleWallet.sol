// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Says of a signature what it was told to say last.
contract FickleWallet {
    bytes4 private _answer;

    function say(bytes4 answer) external {
        _answer = answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        return _answer;
    }
}
