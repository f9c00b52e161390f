// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// Acts for whoever calls it, as a multisig does once it is agreed.
contract PlainWallet {
    error Refused(bytes answer);

    function act(address target, bytes calldata data) external {
        (bool done, bytes memory answer) = target.call(data);
        if (!done) revert Refused(answer);
    }
}

/// Acts only after a delay, as a DAO's timelock does.
contract Timelock {
    uint256 public constant DELAY = 2 days;
    mapping(bytes32 act => uint256 time) public readyAt;

    error NotReady();

    function schedule(address target, bytes calldata data) external {
        readyAt[keccak256(abi.encode(target, data))] = block.timestamp + DELAY;
    }

    function execute(address target, bytes calldata data) external {
        uint256 time = readyAt[keccak256(abi.encode(target, data))];
        if (time == 0 || time > block.timestamp) revert NotReady();
        (bool done,) = target.call(data);
        require(done);
    }
}

/// Says yes to every signature, after it called the registry back. Only a signature that is not empty makes it put up
/// with a call that failed.
contract ReenteringWallet {
    bytes4 private constant YES = 0x1626ba7e;
    address private _target;
    bytes private _data;

    function aim(address target, bytes calldata data) external {
        _target = target;
        _data = data;
    }

    function isValidSignature(bytes32, bytes calldata signature) external returns (bytes4) {
        (bool done,) = _target.call(_data);
        return done || signature.length != 0 ? YES : bytes4(0);
    }
}
